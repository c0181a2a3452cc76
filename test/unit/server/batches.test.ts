import { expect, test } from "vitest";
import { Batches } from "../../../server/database/batches";
import { DatabaseAway } from "../../../server/database/database";
import { Problem } from "../../../server/problem";
import { testLogger } from "../../support/testLogger";

/** Batches of numbers that double them; each commit is held until it is let go. */
function doubling(fails: (items: readonly number[]) => Error | null = () => null, deadlineMs = 20_000) {
	const commits: { readonly items: readonly number[]; readonly letGo: () => void }[] = [];
	const quiet = { ...testLogger, warn: () => {} };
	const batches = new Batches<number, number>({
		commit: async (items) => {
			await new Promise<void>((letGo) => commits.push({ items, letGo }));
			const error = fails(items);
			if (error) throw error;
			return items.map((item) => item * 2);
		},
		keyOf: (item) => (item >= 100 ? String(item) : null),
		...{ mostAtOnce: 3, deadlineMs, logger: quiet },
	});
	const commit = async (at: number) => {
		await expect.poll(() => commits.length).toBeGreaterThan(at);
		commits[at]?.letGo();
		return commits[at]?.items;
	};
	return { batches, commit };
}

const sqlError = (code: string) => Object.assign(new Error("refused"), { code });

test("what is asked for meanwhile gathers, at most so much at once, and each gets its own answer", async () => {
	const { batches, commit } = doubling();
	const first = batches.take(1);
	expect(await commit(0)).toEqual([1]);
	expect(await first).toBe(2);
	const answers = Promise.all([2, 3, 4, 5].map((item) => batches.take(item)));
	expect(await commit(1)).toEqual([2, 3, 4]);
	expect(await commit(2)).toEqual([5]);
	expect(await answers).toEqual([4, 6, 8, 10]);
	await batches.close();
});

test("two of one key never share a batch, and the others do not wait for the second", async () => {
	const { batches, commit } = doubling();
	const answers = Promise.all([100, 100, 7].map((item) => batches.take(item)));
	expect(await commit(0)).toEqual([100, 7]);
	expect(await commit(1)).toEqual([100]);
	expect(await answers).toEqual([200, 200, 14]);
});

test("one that Postgres refuses fails alone; a database that is away fails them all at once", async () => {
	const refused = doubling((items) => (items.includes(2) ? sqlError("23505") : null));
	const answers = Promise.allSettled([1, 2, 3].map((item) => refused.batches.take(item)));
	for (const at of [0, 1, 2, 3]) await refused.commit(at);
	expect((await answers).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);

	for (const error of [new DatabaseAway(new Error("gone")), sqlError("53100")]) {
		const away = doubling(() => error);
		const failed = Promise.allSettled([1, 2].map((item) => away.batches.take(item)));
		expect(await away.commit(0)).toEqual([1, 2]);
		expect((await failed).map((one) => one.status === "rejected" && one.reason)).toEqual([error, error]);
		// And it goes on.
		const next = away.batches.take(5).catch((reason: unknown) => reason);
		await away.commit(1);
		expect(await next).toBe(error);
	}
});

test("who waits too long is told to try again", async () => {
	const { batches, commit } = doubling(() => null, 10);
	const late = await batches.take(1).catch((error: unknown) => error);
	expect(late).toBeInstanceOf(Problem);
	expect(late).toMatchObject({ status: 503 });
	await commit(0);
	await batches.close();
});
