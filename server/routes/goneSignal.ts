import type { FastifyReply } from "fastify";

/** Aborts when whoever asked is gone, or has the whole answer. */
export function goneSignal(reply: FastifyReply): AbortSignal {
	const gone = new AbortController();
	reply.raw.once("close", () => gone.abort());
	return gone.signal;
}
