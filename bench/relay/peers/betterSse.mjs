// better-sse's channel on Node's own server: `GET /events` subscribes, `POST /publish` tells everybody.
import { createServer } from "node:http";
import { createChannel, createSession } from "better-sse";

const channel = createChannel();
const server = createServer(async (request, response) => {
	if (request.method === "GET") return channel.register(await createSession(request, response));
	let body = "";
	for await (const piece of request.setEncoding("utf8")) body += piece;
	channel.broadcast(JSON.parse(body), "job.metric");
	response.end();
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.once("SIGTERM", () => process.exit(0));
