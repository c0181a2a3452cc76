// Probot's middleware on Node's own server; the handler does nothing, and the log is as quiet as Probot makes it.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createNodeMiddleware, createProbot } from "probot";

const { privateKey } = generateKeyPairSync("rsa", {
	modulusLength: 2_048,
	privateKeyEncoding: { type: "pkcs8", format: "pem" },
	publicKeyEncoding: { type: "spki", format: "pem" },
});
const probot = createProbot({
	overrides: { appId: 1, privateKey, secret: process.env.WEBHOOK_SECRET, logLevel: "fatal" },
});
const middleware = await createNodeMiddleware((app) => app.on("push", async () => {}), {
	probot,
	webhooksPath: "/webhook",
});
const server = createServer(async (request, response) => {
	if (!(await middleware(request, response))) response.writeHead(404).end();
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
process.once("SIGTERM", () => process.exit(0));
