import { createHmac, randomUUID } from "node:crypto";
import examples from "@octokit/webhooks-examples" with { type: "json" };
import { webhookSecret } from "../../test/support/relay";

const bodyBytes = 10_240;
const example = examples.find(({ name }) => name === "push")?.examples[0] as { readonly repository: object };

/** A whole request: a push to a branch of models with a body of 10 KB, like GitHub's example, signed. Each is a new one. */
export function signedPush(path: string, repository: string): Buffer {
	const after = randomUUID().replaceAll("-", "").padEnd(40, "0");
	const push = (message: string) =>
		JSON.stringify({
			...example,
			ref: "refs/heads/models/bench",
			after,
			deleted: false,
			repository: { ...example.repository, full_name: repository },
			head_commit: { id: after, message, author: { name: "Ada", email: "a@example.org" } },
		});
	const body = push("x".repeat(bodyBytes - push("").length));
	const head = [
		`POST ${path} HTTP/1.1`,
		"Host: bench",
		"Content-Type: application/json",
		"User-Agent: GitHub-Hookshot/bench",
		"X-GitHub-Event: push",
		`X-GitHub-Delivery: ${randomUUID()}`,
		`X-Hub-Signature-256: sha256=${createHmac("sha256", webhookSecret).update(body).digest("hex")}`,
		`Content-Length: ${Buffer.byteLength(body)}`,
	];
	return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}
