import { expect, test } from "vitest";
import { costWords, estimateCost } from "../../../../src/core/sagemaker/cost";
import { type MachinePrice, priceOf } from "../../../../src/core/sagemaker/machinePrice";
import { type PriceList, PriceListReader } from "../../../../src/core/sagemaker/priceList";
import { trainingLoss } from "../../../../src/core/sagemaker/trainingLoss";
import { aTraining } from "../../../support/aTraining";
import { priceListCsv } from "../../../support/priceListCsv";

const hour = 3_600_000;
const startedMs = 1_000_000;
const price: MachinePrice = { perHour: 1.408, currency: "USD", asOf: "2026-11-25" };
const done = { status: "Completed", phase: "Completed", startedMs, billableSeconds: 1_800, instanceCount: 2, price };

test("a cost is an estimate of what was billed, by machines and hours, with the day of its price", () => {
	expect(estimateCost(aTraining(done), 0)).toEqual({
		amount: expect.closeTo(1.408),
		billedSeconds: 1_800,
		isFinal: true,
	});
	expect(costWords(aTraining(done), 0)).toBe("≈ $1.41 at the list price of 2026-11-25");
	const going = aTraining({ startedMs, price });
	expect(costWords(going, startedMs + 2 * hour)).toBe("≈ $2.82 so far at the list price of 2026-11-25");
	expect(costWords({ ...going, isSpot: true }, startedMs + 2 * hour)).toBe(
		"≈ $2.82 so far at the list price of 2026-11-25, before what spot saves",
	);
	expect(costWords(aTraining({ startedMs: null, price }), startedMs)).toBe(null);
});

test.each([
	[{ ...price, asOf: null }, "≈ $1.41 at your own price"],
	[{ ...price, currency: "CNY" }, "≈ CN¥1.41 at the list price of 2026-11-25"],
	[{ ...price, currency: "a coin" }, "≈ 1.41 a coin at the list price of 2026-11-25"],
	[{ ...price, perHour: 0.001 }, "≈ less than $0.01 at the list price of 2026-11-25"],
	[{ ...price, perHour: 0 }, "≈ $0.00 at the list price of 2026-11-25"],
	[null, "30 min of 2 × ml.g5.xlarge, of which no price is known"],
])("%j is said as %s", (given, words) => {
	expect(costWords(aTraining({ ...done, price: given }), 0)).toBe(words);
});

test("what a stop loses is said with its cost and whether anything is kept", () => {
	const going = { startedMs, price };
	expect(trainingLoss(aTraining({ ...going, checkpointUri: "s3://lab/c" }), startedMs + hour)).toBe(
		"SageMaker gives it two minutes to end. What lies in its checkpoint folder is kept. Cost: ≈ $1.41 so far at the list price of 2026-11-25.",
	);
	expect(trainingLoss(aTraining({ ...going, startedMs: null }), 0)).toBe(
		"SageMaker gives it two minutes to end. It has no place for checkpoints in S3.",
	);
});

test("a person's own price goes before AWS's, also where it is nothing", () => {
	const list: PriceList = {
		region: "eu-central-1",
		asOf: "2026-11-25",
		currency: "USD",
		perHour: { "ml.g5.xlarge": 2 },
	};
	expect(priceOf("ml.g5.xlarge", {}, list)).toEqual({ perHour: 2, currency: "USD", asOf: "2026-11-25" });
	expect(priceOf("ml.g5.xlarge", { "ml.g5.xlarge": 0 }, list)).toEqual({ perHour: 0, currency: "USD", asOf: null });
	for (const unknown of ["ml.z9.huge", "constructor", null]) expect(priceOf(unknown, {}, list)).toBe(null);
	expect(priceOf("ml.g5.xlarge", {}, null)).toBe(null);
});

const read = (text: string) => {
	const reader = new PriceListReader("eu-central-1");
	for (const line of text.split("\n")) reader.take(line);
	return reader.list;
};

test("of AWS's list the hours of machines that train are taken, and nothing else", () => {
	const list = read(
		priceListCsv([
			{ usageType: "EUC1-Train:ml.g5.xlarge", price: "1.7610000000" },
			{ usageType: "Train:ml.p4d.24xlarge", price: "37.688" },
			{ usageType: "EUC1-Host:ml.g5.xlarge", price: "9" },
			{ usageType: "EUC1-Train:ml.g5.xlarge", price: "9", term: "Reserved" },
			{ usageType: "EUC1-Train:ml.m5.large", price: "9", unit: "GB-Mo" },
			{ usageType: "EUC1-Train:ml.m5.xlarge", price: "0" },
			{ usageType: "EUC1-Train:ml.m5.2xlarge", price: "much" },
			{ usageType: 'EUC1-Train:ml."x".large', price: "9" },
			{ usageType: "EUC1-Train:ml.c7i.large", price: "0.12", unit: "Hours" },
		]),
	);
	expect(list).toEqual({
		region: "eu-central-1",
		asOf: "2026-11-25",
		currency: "USD",
		perHour: { "ml.g5.xlarge": 1.761, "ml.p4d.24xlarge": 37.688, "ml.c7i.large": 0.12 },
	});
});

test.each(["", "<html>Sign in</html>", '"Publication Date","soon"\n"SKU"', priceListCsv([])])(
	"%j is no list of prices",
	(text) => {
		expect(read(text)).toBe(null);
	},
);
