export { type CodecBench, type CodecBenchOptions, createCodecBench } from "./bench.ts";
export type { BenchSettings } from "./layout.ts";
