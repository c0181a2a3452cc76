import type { FastifyInstance } from "fastify";

const lookMs = 50;

/**
 * A close that waits for the answers under way and for nothing else. Node's own leaves open whatever has not asked yet,
 * such as the spare connections of a client, until they time out.
 */
export function gentleClose(app: FastifyInstance): () => Promise<void> {
	let underWay = 0;
	app.server.on("request", (_, response) => {
		underWay++;
		response.once("close", () => {
			underWay--;
		});
	});
	return async () => {
		const look = setInterval(() => {
			if (underWay === 0) app.server.closeAllConnections();
		}, lookMs);
		await app.close();
		clearInterval(look);
	};
}
