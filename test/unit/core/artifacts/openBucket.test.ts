import { describe, expect, test } from "vitest";
import type { ArtifactPlace } from "../../../../src/core/artifacts/artifactPlace";
import { openBucket } from "../../../../src/core/artifacts/openBucket";
import { type ErrorCode, GammaError } from "../../../../src/shared/errors";

/** A place that answers, or fails each question with this code. */
function place(account: "aws" | "relay", failure: ErrorCode | null, asked: string[]): ArtifactPlace {
	return {
		...{ id: "s3://models/a/", account, changes: null, sign: null },
		list: async () => {
			asked.push(account);
			if (failure) throw new GammaError(failure, "Refused.");
			return { entries: [], next: null };
		},
		stat: () => Promise.reject(new Error("not asked for")),
		read: () => Promise.reject(new Error("not asked for")),
		s3Uri: () => null,
	};
}

describe("whose account a bucket is read with", () => {
	async function opened(own: ErrorCode | null, lent: ErrorCode | null | "none", mayAskAws = true) {
		const asked: string[] = [];
		const found = await openBucket({
			own: async () => place("aws", own, asked),
			lent: lent === "none" ? null : async () => place("relay", lent, asked),
			mayAskAws,
		});
		return { account: found.account, asked };
	}

	test("without a relay it is the person's own, and nobody is asked before somebody looks", async () => {
		expect(await opened("aws.noCredentials", "none")).toEqual({ account: "aws", asked: [] });
		expect(await opened(null, "none")).toEqual({ account: "aws", asked: [] });
	});

	test("one's own is preferred where it reads the bucket: it may write too", async () => {
		expect(await opened(null, null)).toEqual({ account: "aws", asked: ["aws"] });
	});

	test.each([
		"aws.noCredentials",
		"aws.expiredToken",
		"aws.noRegion",
		"aws.clockSkew",
		"aws.refused",
		"settings.invalid",
	] as const)("an own account that AWS answers with %s yields to the relay", async (code) => {
		expect(await opened(code, null)).toEqual({ account: "relay", asked: ["aws", "relay"] });
	});

	test("an account that is known not to be taken is not tried again", async () => {
		expect(await opened(null, null, false)).toEqual({ account: "relay", asked: ["relay"] });
	});

	test.each(["aws.unreachable", "aws.throttled", "artifact.missing"] as const)(
		"%s says nothing of the account, so it stays the own",
		async (code) => {
			expect((await opened(code, null)).account).toBe("aws");
		},
	);

	test.each([
		["relay.refused", "aws"],
		["relay.unauthorized", "aws"],
		["relay.unreachable", "relay"],
	] as const)("a relay that answers %s leaves the row to the %s's word", async (code, account) => {
		expect((await opened("aws.noCredentials", code)).account).toBe(account);
	});
});
