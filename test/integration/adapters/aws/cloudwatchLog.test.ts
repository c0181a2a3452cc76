import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
	CloudWatchLogsClient,
	CreateLogGroupCommand,
	CreateLogStreamCommand,
	PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CloudwatchLog } from "../../../../src/adapters/aws/cloudwatchLog";
import { JobLog } from "../../../../src/core/jobs/jobLog";
import { MergedStreams } from "../../../../src/core/jobs/mergedStreams";
import { PulledLog } from "../../../../src/core/jobs/pulledLog";
import { type MotoServer, startMoto } from "../../../support/motoServer";

const python = process.env.GAMMA_PYTHON;
const logGroupName = "/aws/sagemaker/TrainingJobs";
const credentials = { accessKeyId: "k", secretAccessKey: "s" };

function clientOf(endpoint: string): CloudWatchLogsClient {
	return new CloudWatchLogsClient({ endpoint, region: "eu-central-1", credentials, maxAttempts: 1 });
}

const logOf = (client: CloudWatchLogsClient, training: string, waitsMs?: readonly number[]) =>
	new JobLog(new PulledLog(new MergedStreams(new CloudwatchLog(client, training, waitsMs))), "j");

describe.skipIf(!python)("the log of a training in CloudWatch, as moto keeps it (needs GAMMA_PYTHON)", () => {
	let moto: MotoServer;
	let client: CloudWatchLogsClient;
	beforeAll(async () => {
		moto = await startMoto(python ?? "");
		client = clientOf(moto.url);
	});
	afterAll(async () => {
		client?.destroy();
		await moto?.stop();
	});

	const beginMs = Date.now() - 600_000;
	async function open(training: string, machine: number): Promise<string> {
		const logStreamName = `${training}/algo-${machine}-1700000000`;
		await client.send(new CreateLogGroupCommand({ logGroupName })).catch(() => {});
		await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
		return logStreamName;
	}
	async function print(logStreamName: string, lines: readonly string[], fromMs = 0): Promise<void> {
		for (let at = 0; at < lines.length; at += 10_000) {
			const logEvents = lines
				.slice(at, at + 10_000)
				.map((message, n) => ({ message, timestamp: beginMs + fromMs + at + n }));
			await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
		}
	}

	test("50,000 lines, over all pages", async () => {
		const stream = await open("long", 1);
		await print(
			stream,
			Array.from({ length: 50_000 }, (_, n) => `step ${n} loss=${n / 7}`),
		);
		const lines = (await logOf(client, "long").load()).split("\n");
		expect(lines).toHaveLength(50_001);
		expect(lines.slice(0, 2)).toEqual(["step 0 loss=0", "step 1 loss=0.14285714285714285"]);
		expect(lines.at(-2)).toMatch(/^step 49999 /);
	});

	test("two machines by time, and what each prints while it is followed", async () => {
		const [one, two] = [await open("pair", 1), await open("pair", 2)];
		// A training whose name begins so is another.
		await print(await open("pair-2", 1), ["another's"]);
		await print(one, ["a"], 0);
		await print(two, ["b"], 10);
		await print(one, ["c"], 20);
		const log = logOf(client, "pair");
		expect(await log.load()).toBe("[algo-1] a\n[algo-2] b\n[algo-1] c\n");
		expect(await log.more()).toBeNull();
		await print(
			two,
			["Traceback (most recent call last):", '  File "train.py", line 3, in <module>', "ValueError: x"],
			30,
		);
		await log.more();
		expect(log.first.traceback).toMatchObject({ fromLine: 3, toLine: 5, error: "ValueError: x" });
		await print(one, ["d"], 40);
		expect((await log.more())?.lines).toEqual(["[algo-1] d", ""]);
	});

	test("a training that has printed nothing has an empty log, which begins later", async () => {
		const log = logOf(client, "quiet");
		expect(await log.load()).toBe("");
		await print(await open("quiet", 1), ["first"]);
		expect((await log.more())?.lines).toEqual(["first", ""]);
	});
});

describe("what CloudWatch refuses, by a server that speaks its protocol", () => {
	let server: Server;
	let client: CloudWatchLogsClient;
	let refusals: { type: string; status: number }[] = [];
	let asked: string[] = [];
	beforeEach(async () => {
		refusals = [];
		asked = [];
		server = createServer((request, response) => {
			const action = String(request.headers["x-amz-target"]).replace("Logs_20140328.", "");
			asked.push(action);
			request.resume().on("end", () => {
				const refusal = refusals.shift();
				const body = refusal
					? { __type: refusal.type, message: "Rate exceeded" }
					: action === "DescribeLogStreams"
						? { logStreams: [{ logStreamName: "t/algo-1-1" }] }
						: { events: [{ timestamp: 1, message: "a" }], nextForwardToken: "f/1", nextBackwardToken: "b/1" };
				response.writeHead(refusal?.status ?? 200, { "content-type": "application/x-amz-json-1.1" });
				response.end(JSON.stringify(body));
			});
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		client = clientOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	});
	afterEach(async () => {
		client.destroy();
		server.closeAllConnections();
		await new Promise((done) => server.close(done));
	});

	const log = (waitsMs?: readonly number[]) => new CloudwatchLog(client, "t", waitsMs);

	test("too many questions are waited for", async () => {
		refusals = [
			{ type: "ThrottlingException", status: 400 },
			{ type: "ThrottlingException", status: 400 },
		];
		expect(await log([1, 1]).names()).toEqual(["t/algo-1-1"]);
		expect(asked).toHaveLength(3);
	});

	test("but not for ever, and not once nobody looks", async () => {
		refusals = Array.from({ length: 9 }, () => ({ type: "ThrottlingException", status: 400 }));
		await expect(log([1]).page("t/algo-1-1", null)).rejects.toMatchObject({ code: "aws.throttled" });
		const looking = new AbortController();
		const reading = log([600_000]).page("t/algo-1-1", null, looking.signal);
		await expect.poll(() => asked.length).toBe(3);
		looking.abort();
		await expect(reading).rejects.toMatchObject({ code: "call.cancelled" });
	});

	test("a sign-in that ended is that, at once", async () => {
		refusals = [{ type: "ExpiredTokenException", status: 400 }];
		await expect(log().page("t/algo-1-1", null)).rejects.toMatchObject({ code: "aws.expiredToken" });
		expect(asked).toHaveLength(1);
	});

	test("a region in which nothing trained yet has no log", async () => {
		refusals = [{ type: "ResourceNotFoundException", status: 400 }];
		expect(await log().names()).toEqual([]);
	});
});
