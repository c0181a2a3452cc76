import { expect, test } from "vitest";
import { AwsAccess } from "../../../../src/core/aws/awsAccess";
import { type AwsChoice, awsOfEnvironment } from "../../../../src/core/aws/awsChoice";
import { Emitter } from "../../../../src/core/emitter";
import { type ErrorCode, GammaError } from "../../../../src/shared/errors";

function anAccess() {
	let choice: AwsChoice = awsOfEnvironment;
	const changed = new Emitter<void>();
	const access = new AwsAccess({ readChoice: () => choice, onDidChangeChoice: changed.event });
	const told: string[] = [];
	access.onDidChange(() => told.push(access.state.kind));
	const choose = (change: Partial<AwsChoice>) => {
		choice = { ...choice, ...change };
		changed.fire();
	};
	return { access, told, choose };
}

test.each([
	["aws.noCredentials", "missing"],
	["aws.expiredToken", "expired"],
	["aws.noRegion", "noRegion"],
	["aws.clockSkew", "clockSkew"],
] as const)("%s is told once, however many parts run into it", (code: ErrorCode, kind) => {
	const { access, told } = anAccess();
	expect(access.mayAsk).toBe(true);
	const claims = [1, 2, 3].map(() => access.failed(new GammaError(code, "Sign in."), 5));
	expect(claims).toEqual([true, true, true]);
	expect(told).toEqual([kind]);
	expect(access.state).toEqual({ kind, reason: "Sign in.", sinceMs: 5 });
	expect(access.mayAsk).toBe(false);
});

test.each(["aws.refused", "aws.throttled", "aws.unreachable"] as const)("%s is its own part's to say", (code) => {
	const { access, told } = anAccess();
	expect(access.failed(new GammaError(code, "No."))).toBe(false);
	expect(access.failed(new Error("No."))).toBe(false);
	expect([told, access.mayAsk]).toEqual([[], true]);
});

test("another profile, a person's word or an answer lets everybody ask again", () => {
	const { access, told, choose } = anAccess();
	const expire = () => access.failed(new GammaError("aws.expiredToken", "Sign in."));
	expire();
	choose({ profile: "lab" });
	expect([access.choice.profile, access.mayAsk]).toEqual(["lab", true]);
	expire();
	const before = access.choice;
	access.retry();
	expect(access.mayAsk).toBe(true);
	// Clients are kept by their choice: those of an ended session are made anew.
	expect(access.choice).not.toBe(before);
	expire();
	access.succeeded();
	access.succeeded();
	expect(told).toEqual(["expired", "unknown", "expired", "unknown", "expired", "ready"]);
});

test("a setting that was written again as it was changes nothing", () => {
	const { access, told, choose } = anAccess();
	const before = access.choice;
	choose({ profile: null });
	expect(access.choice).toBe(before);
	expect(told).toEqual([]);
});
