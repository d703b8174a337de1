import { Presets, SingleBar } from "cli-progress";

export interface Progress {
  readonly report: (progress: { readonly bytes: number; readonly total?: number | undefined }) => void;
  done(): void;
}

/** A bar on a terminal, nothing elsewhere: a log should not fill with it. */
export function progressBar(label: string): Progress {
  if (!process.stderr.isTTY) return { report: () => undefined, done: () => undefined };
  const bar = new SingleBar({ format: `${label} {bar} {value} bytes`, clearOnComplete: true }, Presets.shades_classic);
  bar.start(1, 0);
  return {
    report: ({ bytes, total }) => {
      bar.setTotal(Math.max(total ?? bytes, 1));
      bar.update(bytes);
    },
    done: () => bar.stop(),
  };
}
