import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { trainingLog } from "../../../../src/adapters/aws/trainingLog";
import { AwsAccess } from "../../../../src/core/aws/awsAccess";
import { Emitter } from "../../../../src/core/emitter";

let server: Server;
let asked = 0;
let isExpired = false;
let access: AwsAccess;
beforeEach(async () => {
	[asked, isExpired] = [0, false];
	server = createServer((request, response) => {
		asked++;
		request.resume().on("end", () => {
			const refusal = { __type: "ExpiredTokenException", message: "The security token has expired" };
			response.writeHead(isExpired ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
			response.end(JSON.stringify(isExpired ? refusal : { logStreams: [] }));
		});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	vi.stubEnv("AWS_ACCESS_KEY_ID", "k");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
	const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	access = new AwsAccess({
		readChoice: () => ({ profile: null, region: "eu-central-1", endpoint }),
		onDidChangeChoice: new Emitter<void>().event,
	});
});
afterEach(async () => {
	vi.unstubAllEnvs();
	access.dispose();
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
});

test("a sign-in that ended is told once, nobody asks on, and after a new one it goes on", async () => {
	const log = trainingLog(access, "t");
	expect(await log.pull()).toEqual({ text: "", hasMore: false });
	expect(access.state.kind).toBe("ready");
	isExpired = true;
	await expect(log.pull()).rejects.toMatchObject({ code: "aws.expiredToken" });
	expect(access.state.kind).toBe("expired");
	const before = asked;
	await expect(log.pull()).rejects.toMatchObject({ message: expect.stringMatching(/sign in again/) });
	expect(asked).toBe(before);
	isExpired = false;
	access.retry();
	expect(await log.pull()).toEqual({ text: "", hasMore: false });
});
