import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { AwsAccess } from "../../../../src/core/aws/awsAccess";
import { type AwsChoice, awsOfEnvironment } from "../../../../src/core/aws/awsChoice";
import { Emitter } from "../../../../src/core/emitter";
import type { ProjectTrainings } from "../../../../src/core/sagemaker/belongs";
import { type ListedTraining, SagemakerWatch } from "../../../../src/core/sagemaker/sagemakerWatch";
import type { Training } from "../../../../src/core/sagemaker/training";
import { GammaError } from "../../../../src/shared/errors";
import { aTraining } from "../../../support/aTraining";

const ours = { "gamma:project": "ada/spirals" };
const ended = { status: "Completed", phase: "Completed" };

/** A watch over an account that the test writes; `asked` holds what was asked, with the second since the start. */
function watched() {
	const looks = new Emitter<void>();
	const choices = new Emitter<void>();
	const startMs = Date.now();
	const scene = {
		isPaid: true,
		choice: awsOfEnvironment as AwsChoice,
		project: { project: "ada/spirals", role: null, names: new Set() } as ProjectTrainings | null,
		account: [] as Training[],
		failure: null as GammaError | null,
		asked: [] as string[],
		pay: (isPaid: boolean) => {
			scene.isPaid = isPaid;
			looks.fire();
		},
		choose: (profile: string) => {
			scene.choice = { ...scene.choice, profile };
			choices.fire();
		},
	};
	const ask = (what: string) => scene.asked.push(`${what} ${Math.round((Date.now() - startMs) / 1_000)}`);
	const access = new AwsAccess({ readChoice: () => scene.choice, onDidChangeChoice: choices.event });
	const watch = new SagemakerWatch({
		access,
		attention: {
			get isPaid() {
				return scene.isPaid;
			},
			onDidChange: looks.event,
		},
		project: async () => scene.project,
		reader: async () => ({
			list: async ({ modifiedMs }): Promise<readonly ListedTraining[]> => {
				ask("list");
				if (scene.failure) throw scene.failure;
				return scene.account.filter((each) => each.modifiedMs >= modifiedMs);
			},
			describe: async (name) => {
				ask(name);
				return scene.account.find((each) => each.name === name) ?? null;
			},
		}),
	});
	return { scene, access, watch };
}

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
beforeEach(() => void vi.useFakeTimers({ now: Date.parse("2026-01-01T01:00:00Z") }));
afterEach(() => void vi.useRealTimers());

describe("SageMaker is asked", () => {
	test("while somebody looks and something says that the project trains there", async () => {
		const { scene, watch } = watched();
		scene.project = null;
		await seconds(1);
		expect(scene.asked).toEqual([]);
		scene.project = { project: "ada/spirals", role: null, names: new Set() };
		scene.pay(false);
		watch.refresh();
		await seconds(300);
		expect(scene.asked).toEqual([]);
		scene.pay(true);
		await seconds(1);
		expect(scene.asked).toHaveLength(1);
		watch.dispose();
	});

	test("for what changed alone: each training once, one that goes on again", async () => {
		const { scene, watch } = watched();
		const going = aTraining({ name: "going", tags: ours, modifiedMs: 50_000 });
		scene.account = [
			going,
			aTraining({ name: "done", tags: ours, ...ended, modifiedMs: 9_000 }),
			aTraining({ name: "else", modifiedMs: 8_000 }),
		];
		await seconds(1);
		expect([...watch.trainings.keys()].sort()).toEqual(["done", "going"]);
		expect(scene.asked.slice().sort()).toEqual(["done 0", "else 0", "going 0", "list 0"]);
		scene.account = scene.account.map((each) =>
			each === going ? { ...going, phase: "Uploading", modifiedMs: 60_000 } : each,
		);
		await seconds(15);
		expect(watch.trainings.get("going")?.phase).toBe("Uploading");
		expect(scene.asked.slice(4).filter((each) => !each.startsWith("else"))).toEqual(["list 15", "going 15"]);
		scene.account = [{ ...going, ...ended, modifiedMs: 70_000 }];
		await seconds(15);
		expect(watch.trainings.get("going")?.status).toBe("Completed");
		const before = scene.asked.length;
		await seconds(55);
		expect(scene.asked.length).toBe(before);
		await seconds(10);
		expect(scene.asked.length).toBe(before + 1);
		watch.dispose();
	});

	test("of thousands the likely ones first, and never many in one round", async () => {
		const { scene, watch } = watched();
		scene.account = Array.from({ length: 200 }, (_, at) =>
			aTraining({ name: at === 0 ? "spirals-models-x" : `other-${at}`, createdMs: at }),
		);
		const described = () => scene.asked.filter((each) => !each.startsWith("list"));
		await seconds(0);
		await vi.waitFor(() => expect(described().length).toBeGreaterThan(0));
		expect(described()[0]).toMatch(/^spirals-models-x /);
		await seconds(5);
		expect(new Set(described()).size).toBe(200);
		expect([...watch.trainings.keys()]).toEqual(["spirals-models-x"]);
		watch.dispose();
	});

	test("less and less while it fails, and not at all while a person has to do something", async () => {
		const { scene, access, watch } = watched();
		scene.failure = new GammaError("aws.throttled", "Later.");
		await seconds(1);
		expect(watch.state.problem).toBe("Later.");
		await seconds(60 + 120 + 240);
		expect(scene.asked).toEqual(["list 0", "list 60", "list 180", "list 420"]);
		scene.failure = new GammaError("aws.expiredToken", "Sign in.");
		watch.refresh();
		await seconds(1);
		expect([access.state.kind, watch.state.problem]).toEqual(["expired", null]);
		const before = scene.asked.length;
		await seconds(3_600);
		expect(scene.asked.length).toBe(before);
		scene.failure = null;
		access.retry();
		await seconds(1);
		expect([access.state.kind, scene.asked.length]).toEqual(["ready", before + 1]);
		watch.dispose();
	});
});

test("another account has other trainings, the same one keeps them", async () => {
	const { scene, access, watch } = watched();
	scene.account = [aTraining({ name: "mine", tags: ours, ...ended })];
	await seconds(1);
	expect([...watch.trainings.keys()]).toEqual(["mine"]);
	access.retry();
	expect([...watch.trainings.keys()]).toEqual(["mine"]);
	scene.account = [aTraining({ name: "theirs", tags: ours, ...ended })];
	scene.choose("lab");
	expect([...watch.trainings.keys()]).toEqual([]);
	await seconds(1);
	expect([...watch.trainings.keys()]).toEqual(["theirs"]);
	watch.dispose();
});
