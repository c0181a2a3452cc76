import { connect } from "node:net";

export interface RawAnswer {
	readonly status: number;
	readonly body: string;
	/** From the connection to the answer's first byte. */
	readonly ms: number;
}

/**
 * What comes back, to the end of the connection, of bytes that are written as told. `send` resolves once its bytes are on
 * their way, with whether it is worth going on: not once an answer has begun.
 */
export async function rawRequest(
	url: string,
	write: (send: (bytes: string | Uint8Array) => Promise<boolean>) => Promise<void>,
): Promise<RawAnswer> {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname);
	const beganMs = performance.now();
	let answer = "";
	let ms = 0;
	socket.on("data", (bytes) => {
		ms ||= performance.now() - beganMs;
		answer += String(bytes);
	});
	// A relay that has said no does not read on.
	socket.on("error", () => {});
	const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
	await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
	await write(async (bytes) => {
		if (answer !== "" || !socket.writable) return false;
		const isSent = new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
		await Promise.race([isSent, closed]);
		return answer === "" && socket.writable;
	});
	await closed;
	const [head = "", body = ""] = answer.split("\r\n\r\n");
	return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), body, ms };
}
