import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SignInWaiter } from "../../../../src/core/session/signInWaiter";

const timeoutMs = 300_000;

/** What a promise came to, without anything left unhandled meanwhile. */
function outcome(promise: Promise<string>): Promise<unknown> {
	return promise.then(
		(code) => code,
		(error: { code: string; message: string }) => ({ code: error.code, message: error.message }),
	);
}

describe("a sign-in that waits for the browser", () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	test("gets the code that comes with its state, once", async () => {
		const waiter = new SignInWaiter();
		const code = waiter.wait("s1", { timeoutMs });
		expect(waiter.take("state=s1&code=c1")).toBe(true);
		expect(waiter.take("state=s1&code=c2")).toBe(false);
		expect(await code).toBe("c1");
	});

	test("is not disturbed by links of others", async () => {
		const waiter = new SignInWaiter();
		const code = waiter.wait("s1", { timeoutMs });
		for (const query of ["", "code=evil", "state=s2&code=evil", "state=s&code=evil", "error=access_denied&state=s2"]) {
			expect(waiter.take(query)).toBe(false);
		}
		expect(waiter.take("state=s1&code=c1")).toBe(true);
		expect(await code).toBe("c1");
	});

	test("is told in one sentence that GitHub was not allowed", async () => {
		const waiter = new SignInWaiter();
		const ended = outcome(waiter.wait("s1", { timeoutMs }));
		waiter.take("state=s1&error=access_denied&error_description=x");
		expect(await ended).toEqual({ code: "signIn.denied", message: expect.stringContaining("choose Authorize") });
	});

	test("is told the service's own reason for anything else", async () => {
		const waiter = new SignInWaiter();
		const ended = outcome(waiter.wait("s1", { timeoutMs }));
		waiter.take("state=s1&error=server_error&error_description=Database+error");
		expect(await ended).toEqual({ code: "signIn.failed", message: expect.stringContaining("Database error") });
	});

	test("gives up after five minutes, and takes nothing then", async () => {
		const waiter = new SignInWaiter();
		const ended = outcome(waiter.wait("s1", { timeoutMs }));
		vi.advanceTimersByTime(timeoutMs);
		expect(await ended).toEqual({ code: "signIn.failed", message: expect.stringContaining("within 5 min") });
		expect(waiter.take("state=s1&code=late")).toBe(false);
	});

	test("ends when the person cancels, when another begins, and with its window", async () => {
		const waiter = new SignInWaiter();
		const person = new AbortController();
		const first = outcome(waiter.wait("s1", { timeoutMs, signal: person.signal }));
		person.abort();
		expect(await first).toMatchObject({ code: "call.cancelled" });
		const second = outcome(waiter.wait("s2", { timeoutMs }));
		const third = outcome(waiter.wait("s3", { timeoutMs }));
		expect(await second).toMatchObject({ code: "call.cancelled" });
		waiter.dispose();
		expect(await third).toMatchObject({ code: "call.cancelled" });
		expect(vi.getTimerCount()).toBe(0);
		expect(await outcome(waiter.wait("s4", { timeoutMs, signal: person.signal }))).toMatchObject({
			code: "call.cancelled",
		});
	});
});
