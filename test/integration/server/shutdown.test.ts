import { expect, test } from "vitest";
import { databases, startTestRelay, withDatabase } from "../../support/relay";

test.each(databases)("a relay on %s closes within two seconds, whoever is still connected", async (kind) => {
	const database = await withDatabase(kind);
	const relay = await startTestRelay(database.environment);
	const made = await relay.ask<{ id: string }>("POST", "/api/projects", { body: { name: "x", repository: "a/b" } });
	const streams = await Promise.all(
		[1, 2, 3].map(() =>
			fetch(`${relay.url}/api/events?project=${made.body.id}`, { headers: { authorization: `Bearer ${relay.token}` } }),
		),
	);
	await Promise.all(Array.from({ length: 10 }, () => relay.ask("GET", "/api/projects")));
	await streams[0]?.body?.cancel();
	const began = performance.now();
	await relay.close();
	expect(performance.now() - began).toBeLessThan(2_000);
	// The others were told when to come back, and their streams have an end.
	expect(await streams[1]?.text()).toMatch(/retry: \d+\n\n$/);
	await database.stop();
});
