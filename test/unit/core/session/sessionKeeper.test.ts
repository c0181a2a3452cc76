import { describe, expect, test } from "vitest";
import type { AuthService, SessionStorage } from "../../../../src/core/session/authService";
import { parseSession, type Session } from "../../../../src/core/session/session";
import { SessionKeeper } from "../../../../src/core/session/sessionKeeper";
import { GammaError } from "../../../../src/shared/errors";
import { testLogger } from "../../../support/testLogger";

const hourMs = 3_600_000;

function session(number: number, expiresAtMs: number): Session {
	return {
		accessToken: `access-${number}`,
		refreshToken: `refresh-${number}`,
		expiresAtMs,
		account: { id: "ana", label: "octo-ana" },
	};
}

/** A service that hands out numbered sessions; the real one is in test/integration/session. */
class Service implements AuthService {
	nowMs = 0;
	refreshes: string[] = [];
	revoked: string[] = [];
	trouble: GammaError | null = null;
	/** While set, refreshes wait for it. */
	gate: Promise<void> = Promise.resolve();
	#number = 1;

	begin(): Promise<never> {
		throw new Error("not asked here");
	}

	async refresh(token: string): Promise<Session> {
		this.refreshes.push(token);
		await this.gate;
		if (this.trouble) throw this.trouble;
		return session(++this.#number, this.nowMs + hourMs);
	}

	async revoke(token: string): Promise<void> {
		if (this.trouble) throw this.trouble;
		this.revoked.push(token);
	}
}

/** The secret storage that windows share. */
class Shared implements SessionStorage {
	kept: Session | null = null;
	async read() {
		return this.kept;
	}
	async write(given: Session) {
		this.kept = given;
	}
	async clear() {
		this.kept = null;
	}
}

async function windowOn(storage: Shared, service: Service, patienceMs = 60_000) {
	const keeper = new SessionKeeper({
		auth: service,
		storage,
		logger: testLogger,
		now: () => service.nowMs,
		patienceMs,
	});
	const ends: string[] = [];
	keeper.onDidEnd((sentence) => ends.push(sentence));
	await keeper.load();
	return { keeper, ends };
}

const ended = new GammaError("session.ended", "Your session has ended: sign in again.");
const away = new GammaError("relay.unreachable", "The sign-in service cannot be reached.");

describe("a kept session", () => {
	async function signedIn() {
		const [storage, service] = [new Shared(), new Service()];
		const window = await windowOn(storage, service);
		await window.keeper.take(session(1, hourMs));
		return { storage, service, ...window };
	}

	test("hands out its token until shortly before its end, and then a new one", async () => {
		const { keeper, service, storage } = await signedIn();
		expect(await keeper.token()).toBe("access-1");
		service.nowMs = hourMs - 60_000;
		expect(await keeper.token()).toBe("access-2");
		expect(service.refreshes).toEqual(["refresh-1"]);
		expect(storage.kept?.refreshToken).toBe("refresh-2");
	});

	test("is refreshed once for all who ask at the same time", async () => {
		const { keeper, service } = await signedIn();
		service.nowMs = 2 * hourMs;
		expect(await Promise.all([keeper.token(), keeper.renew(), keeper.token()])).toEqual(Array(3).fill("access-2"));
		expect(service.refreshes).toHaveLength(1);
	});

	test("outlasts a service that is away: the token that is still good serves on", async () => {
		const { keeper, service, storage } = await signedIn();
		service.trouble = away;
		service.nowMs = hourMs - 60_000;
		expect(await keeper.token()).toBe("access-1");
		service.nowMs = hourMs + 1;
		await expect(keeper.token()).rejects.toMatchObject({ code: "relay.unreachable" });
		expect(keeper.snapshot.kind).toBe("signedIn");
		expect(storage.kept).not.toBeNull();
		service.trouble = null;
		expect(await keeper.token()).toBe("access-2");
	});

	test("ends with one sentence when its refresh token was used already", async () => {
		const { keeper, service, storage, ends } = await signedIn();
		service.trouble = ended;
		service.nowMs = 2 * hourMs;
		await expect(keeper.token()).rejects.toMatchObject({ code: "session.ended" });
		await expect(keeper.token()).rejects.toMatchObject({ code: "relay.unauthorized" });
		expect(ends).toEqual([ended.message]);
		expect(storage.kept).toBeNull();
		expect(keeper.snapshot).toEqual({ kind: "signedOut" });
	});

	test("of another window is taken up instead of being refreshed again", async () => {
		const { keeper, service, storage } = await signedIn();
		const other = await windowOn(storage, service);
		service.nowMs = 2 * hourMs;
		expect(await other.keeper.token()).toBe("access-2");
		expect(await keeper.token()).toBe("access-2");
		expect(service.refreshes).toEqual(["refresh-1"]);
		service.nowMs = 4 * hourMs;
		storage.kept = session(7, 3 * hourMs);
		expect(await keeper.token()).toBe("access-3");
		expect(service.refreshes.at(-1)).toBe("refresh-7");
	});

	test("does not end here when another window refreshed it at the same moment", async () => {
		const { keeper, service, storage, ends } = await signedIn();
		service.nowMs = 2 * hourMs;
		let open = () => {};
		service.gate = new Promise<void>((resolve) => {
			open = resolve;
		});
		const token = keeper.token();
		await expect.poll(() => service.refreshes.length).toBe(1);
		storage.kept = session(9, 3 * hourMs);
		service.trouble = ended;
		open();
		expect(await token).toBe("access-9");
		expect(ends).toEqual([]);
	});

	test("is kept even when it comes after who asked for it gave up", async () => {
		const { service, storage } = await signedIn();
		const { keeper } = await windowOn(storage, service, 1);
		service.nowMs = 2 * hourMs;
		let open = () => {};
		service.gate = new Promise<void>((resolve) => {
			open = resolve;
		});
		await expect(keeper.token()).rejects.toMatchObject({ code: "relay.unreachable" });
		open();
		await expect.poll(() => storage.kept?.refreshToken).toBe("refresh-2");
		expect(await keeper.token()).toBe("access-2");
	});

	test("that is signed out while it is refreshed stays signed out", async () => {
		const { keeper, service, storage } = await signedIn();
		service.nowMs = 2 * hourMs;
		let open = () => {};
		service.gate = new Promise<void>((resolve) => {
			open = resolve;
		});
		const token = keeper.token();
		await expect.poll(() => service.refreshes.length).toBe(1);
		await keeper.signOut();
		open();
		await expect(token).rejects.toMatchObject({ code: "relay.unauthorized" });
		expect(storage.kept).toBeNull();
	});

	test("is revoked by signing out; here it is gone even when nobody can be told", async () => {
		const first = await signedIn();
		await first.keeper.signOut();
		expect(first.service.revoked).toEqual(["access-1"]);
		const second = await signedIn();
		second.service.trouble = away;
		await second.keeper.signOut();
		expect(second.storage.kept).toBeNull();
		expect(second.keeper.snapshot).toEqual({ kind: "signedOut" });
	});

	test("signed out in another window is noticed at the next refresh, without a word of an end", async () => {
		const { keeper, service, storage, ends } = await signedIn();
		storage.kept = null;
		service.nowMs = 2 * hourMs;
		await expect(keeper.token()).rejects.toMatchObject({ code: "relay.unauthorized" });
		expect(service.refreshes).toEqual([]);
		expect(ends).toEqual([]);
	});
});

test("what is kept in another shape is no session", () => {
	const good = session(1, 5);
	expect(parseSession(JSON.stringify(good))).toEqual(good);
	for (const text of [undefined, "", "{", "null", "[]", JSON.stringify({ ...good, refreshToken: "" })]) {
		expect(parseSession(text)).toBeNull();
	}
});
