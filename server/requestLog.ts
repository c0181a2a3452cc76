import { type FastifyReply, type FastifyRequest, LogController } from "fastify";

/** Asked every few seconds by whoever watches the relay; and a delivery that was taken has a line of its own. */
const quiet = /^\/api\/(health|webhooks\/)/;

/** One line per request, once it is answered or its connection has broken. */
export class RequestLog extends LogController {
	override incomingRequest(): void {}

	override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
		if (!error && reply.statusCode < 400 && quiet.test(request.url)) return;
		const details = { req: request, res: reply, responseTime: reply.elapsedTime, ...(error && { err: error }) };
		request.log.info(details, error ? "a connection broke" : "a request was answered");
	}
}
