import { createServer, type Server, type Socket } from "node:net";

/** A packet of the protocol: three bytes of length, a sequence number, the rest. */
function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header.writeUInt8(sequence, 3);
  return Buffer.concat([header, payload]);
}

/** What a server says first: version 10 of the protocol, every capability but TLS, the native way of authentication. */
function greeting(): Buffer {
  const noTls = 0xf7_ff;
  const capabilities = Buffer.alloc(7);
  capabilities.writeUInt16LE(noTls, 0);
  capabilities.writeUInt8(45, 2);
  capabilities.writeUInt16LE(2, 3);
  capabilities.writeUInt16LE(0x00_0f, 5);
  return Buffer.concat([
    Buffer.from("\u000a8.4.0\0\u0001\0\0\0abcdefgh\0", "latin1"),
    capabilities,
    Buffer.from([21]),
    Buffer.alloc(10),
    Buffer.from("ijklmnopqrst\0mysql_native_password\0", "latin1"),
  ]);
}

const ok = Buffer.from([0, 0, 0, 2, 0, 0, 0]);

/** A server that lets everybody in and answers every statement by asking for a file of the client's. */
export interface HostileServer extends AsyncDisposable {
  readonly port: number;
  /** Everything that clients have sent, one character per byte. */
  readonly received: () => string;
}

export async function startHostileServer(file: string): Promise<HostileServer> {
  let received = "";
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined));
    socket.write(packet(0, greeting()));
    socket.on("data", (data) => {
      received += data.toString("latin1");
      const sequence = data.readUInt8(3);
      if (sequence === 1) socket.write(packet(2, ok));
      else if (sequence === 0) socket.write(packet(1, Buffer.from(`\u00fb${file}`, "latin1")));
      else socket.write(packet(sequence + 1, ok));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    received: () => received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
