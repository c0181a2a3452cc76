import type { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";
import { Problem } from "../problem";

const tooLarge = () => new Problem(413, "The request is too large.");

/**
 * A body's bytes as they came. Where their number is told, it is refused before anything is read of one that is too large, and
 * each byte goes to its place at once: a body of 25 MB is never in memory twice. Rejects with a 413 problem, or with the
 * connection's error.
 */
export function takeBytes(request: FastifyRequest, payload: IncomingMessage, mostBytes: number): Promise<Buffer> {
	const told = Number(request.headers["content-length"] ?? Number.NaN);
	if (told > mostBytes) return Promise.reject(tooLarge());
	return new Promise((done, fail) => {
		const whole = Number.isNaN(told) ? null : Buffer.allocUnsafe(told);
		const pieces: Buffer[] = [];
		let length = 0;
		const stop = () => payload.off("data", onData).off("end", onEnd).off("error", onError);
		const onData = (piece: Buffer) => {
			if (length + piece.length > mostBytes) {
				stop();
				return fail(tooLarge());
			}
			if (whole) whole.set(piece, length);
			else pieces.push(piece);
			length += piece.length;
		};
		const onEnd = () => {
			stop();
			done(whole ?? Buffer.concat(pieces, length));
		};
		const onError = (error: Error) => {
			stop();
			fail(Object.assign(error, { statusCode: 400 }));
		};
		payload.on("data", onData).on("end", onEnd).on("error", onError);
	});
}
