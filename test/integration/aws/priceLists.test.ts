import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PriceLists } from "../../../src/adapters/aws/priceLists";
import { priceListCsv } from "../../support/priceListCsv";

const never = new AbortController().signal;
const day = 24 * 3600_000;
let folder: string;
let server: Server;
let url: string;
let asked: string[];
let answer: { status: number; body: string };
beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), "gamma-prices-"));
	asked = [];
	answer = { status: 200, body: priceListCsv([{ usageType: "EUC1-Train:ml.g5.xlarge", price: "1.761" }]) };
	server = createServer((request, response) => {
		asked.push(request.url ?? "");
		response.writeHead(answer.status, { "content-type": "text/csv" }).end(answer.body);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
	rmSync(folder, { recursive: true, force: true });
});

const lists = (now = Date.now, environment: Record<string, string> = { AWS_ENDPOINT_URL_PRICING: url }) =>
	new PriceLists({ folder: join(folder, "prices"), environment, now });
const path = "/offers/v1.0/aws/AmazonSageMaker/current/eu-central-1/index.csv";

test("a list is read once a month, also by another window, and the old one stays where the new cannot be had", async () => {
	const first = await lists().list("eu-central-1", never);
	expect(first).toMatchObject({ asOf: "2026-11-25", perHour: { "ml.g5.xlarge": 1.761 } });
	expect(await lists(() => Date.now() + 29 * day).list("eu-central-1", never)).toEqual(first);
	expect(asked).toEqual([path]);
	answer = { status: 503, body: "" };
	expect(await lists(() => Date.now() + 31 * day).list("eu-central-1", never)).toEqual(first);
	answer = {
		status: 200,
		body: priceListCsv([{ usageType: "EUC1-Train:ml.g5.xlarge", price: "1.5" }], "2026-12-26T00:00:00Z"),
	};
	expect(await lists(() => Date.now() + 31 * day).list("eu-central-1", never)).toMatchObject({
		asOf: "2026-12-26",
		perHour: { "ml.g5.xlarge": 1.5 },
	});
	expect(asked.length).toBe(3);
	// No half of a list is left beside it.
	expect(readdirSync(join(folder, "prices"))).toEqual(["sagemaker-eu-central-1.json"]);
});

test("half of a kept list is read anew", async () => {
	await lists().list("eu-central-1", never);
	writeFileSync(join(folder, "prices", "sagemaker-eu-central-1.json"), '{"readMs": 1e99, "list"');
	expect(await lists().list("eu-central-1", never)).toMatchObject({ perHour: { "ml.g5.xlarge": 1.761 } });
	expect(asked.length).toBe(2);
});

test.each([
	[403, "", "(403)"],
	[200, "<html>Sign in to the hotel's network</html>", "(it is no list of prices)"],
])("an answer %i %j is said, with what to do", async (status, body, why) => {
	answer = { status, body };
	await expect(lists().list("eu-central-1", never)).rejects.toMatchObject({
		code: "aws.unreachable",
		message: `AWS's prices of eu-central-1 cannot be read ${why}: set your own in gamma.aws.prices, or try again later.`,
	});
});

test("another cloud than AWS's own, and what is no region, have no prices and are not asked", async () => {
	expect(await lists(Date.now, { AWS_ENDPOINT_URL: "http://localhost:4566" }).list("eu-central-1", never)).toBe(null);
	for (const region of ["../../x", "", "eu-central-1/../x"]) expect(await lists().list(region, never)).toBe(null);
	expect(asked).toEqual([]);
});

test("nobody waits for it any more", async () => {
	await expect(lists().list("eu-central-1", AbortSignal.abort())).rejects.toMatchObject({ code: "call.cancelled" });
});
