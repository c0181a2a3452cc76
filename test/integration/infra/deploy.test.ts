import { execFile, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askEcs, type EcsStandIn, startEcs } from "../../support/infra/ecsStandIn";
import { type MotoServer, startMoto } from "../../support/motoServer";

const script = resolve(import.meta.dirname, "../../../infra/deploy.sh");
const python = process.env.GAMMA_PYTHON;
const has = (program: string) => spawnSync(program, ["--version"]).status === 0;
const missing = ["aws", "jq", "bash"].filter((program) => !has(program));
const why = missing.length > 0 ? `needs ${missing.join(", ")}` : "needs moto";
const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";

interface TaskDefinition {
	readonly taskDefinitionArn: string;
	readonly revision: number;
	readonly containerDefinitions: readonly Record<string, unknown>[];
	readonly [key: string]: unknown;
}

describe.skipIf(!python || missing.length > 0)(
	`infra/deploy.sh, run as the workflow runs it, by AWS's own command line (${why})`,
	{ timeout: 120_000 },
	() => {
		let moto: MotoServer;
		let ecs: EcsStandIn;
		beforeAll(async () => {
			moto = await startMoto(python ?? "");
			ecs = await startEcs(moto.url);
			await askEcs(moto.url, "CreateCluster", { clusterName: "gamma-dev" });
			for (const name of ["relay", "mlflow"]) {
				await askEcs(moto.url, "RegisterTaskDefinition", {
					family: `gamma-dev-${name}`,
					taskRoleArn: `arn:aws:iam::123456789012:role/gamma-dev-${name}`,
					executionRoleArn: "arn:aws:iam::123456789012:role/gamma-dev-execution",
					networkMode: "awsvpc",
					requiresCompatibilities: ["FARGATE"],
					...{ cpu: "256", memory: "512" },
					runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "ARM64" },
					containerDefinitions: [
						{
							...{ name, image: `${registry}/gamma-dev/${name}:first`, essential: true, readonlyRootFilesystem: true },
							environment: [{ name: "PORT", value: "8080" }],
							secrets: [
								{ name: "DATABASE_URL", valueFrom: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x" },
							],
						},
					],
				});
				await askEcs(moto.url, "CreateService", {
					...{ cluster: "gamma-dev", serviceName: name, taskDefinition: `gamma-dev-${name}`, desiredCount: 2 },
					launchType: "FARGATE",
				});
			}
		});
		afterAll(async () => {
			await ecs?.stop();
			await moto?.stop();
		});
		beforeEach(() => {
			ecs.asked.length = 0;
			Object.assign(ecs.fate, { exitCode: 0, isHealthy: true });
		});

		const deploy = (tag: string, ...args: string[]) =>
			new Promise<{ code: number; said: string }>((done) => {
				const env = {
					...{ PATH: process.env.PATH, HOME: "/nonexistent", AWS_ENDPOINT_URL: ecs.url, AWS_REGION: "eu-central-1" },
					// The first version of the command line takes this one.
					AWS_DEFAULT_REGION: "eu-central-1",
					...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test", AWS_PAGER: "" },
					...{ NAME: "gamma-dev", CLUSTER: "gamma-dev", REGISTRY: registry, TAG: tag },
					...{ SUBNETS: "subnet-1,subnet-2", GROUP: "sg-1" },
				};
				execFile("bash", [script, ...args], { env }, (error, stdout, stderr) =>
					done({ code: error ? Number(error.code ?? 1) : 0, said: stdout + stderr }),
				);
			});
		const actions = () => ecs.asked.map(({ action }) => action);
		const definitionOf = async (arn: string) =>
			(await askEcs(moto.url, "DescribeTaskDefinition", { taskDefinition: arn })).taskDefinition as TaskDefinition;
		const running = async (service: string) => {
			const { services } = await askEcs(moto.url, "DescribeServices", { cluster: "gamma-dev", services: [service] });
			return definitionOf((services as { taskDefinition: string }[])[0]?.taskDefinition ?? "");
		};

		test("migrates with the new image in the service's own network, waits for its end, and rolls nothing", async () => {
			const before = await running("relay");
			expect(await deploy("second", "migrate")).toEqual({ code: 0, said: "" });
			const body = ecs.asked.find(({ action }) => action === "RunTask")?.body ?? {};
			expect(body).toMatchObject({
				...{ cluster: "gamma-dev", launchType: "FARGATE" },
				networkConfiguration: {
					awsvpcConfiguration: {
						subnets: ["subnet-1", "subnet-2"],
						securityGroups: ["sg-1"],
						assignPublicIp: "DISABLED",
					},
				},
				overrides: { containerOverrides: [{ name: "relay", command: ["/app/server/main.js", "--migrate"] }] },
			});
			// All as it was, but for the image.
			const {
				containerDefinitions,
				revision,
				taskDefinitionArn: _,
				registeredAt: __,
				...rest
			} = await definitionOf(String(body.taskDefinition));
			const { containerDefinitions: were, revision: first, taskDefinitionArn: ___, registeredAt: ____, ...as } = before;
			expect(rest).toEqual(as);
			expect(revision).toBe(first + 1);
			expect(containerDefinitions).toEqual([{ ...were[0], image: `${registry}/gamma-dev/relay:second` }]);
			expect(actions().filter((action) => action === "DescribeTasks").length).toBeGreaterThan(1);
			expect((await running("relay")).taskDefinitionArn).toBe(before.taskDefinitionArn);
		});

		test("says where the log of a migration that failed is, and fails, so that nothing is rolled out", async () => {
			ecs.fate.exitCode = 1;
			const { code, said } = await deploy("third", "migrate");
			expect([code, said]).toEqual([
				1,
				"The migration ended with 1: its log is in /gamma/gamma-dev/relay. Nothing was rolled out.\n",
			]);
			expect(actions()).not.toContain("UpdateService");
		});

		test.each(["relay", "mlflow"])("rolls %s out with the new image, and waits until it is stable", async (service) => {
			expect(await deploy("fourth", "roll", service)).toEqual({ code: 0, said: "" });
			expect((await running(service)).containerDefinitions[0]?.image).toBe(`${registry}/gamma-dev/${service}:fourth`);
			expect(actions().indexOf("DescribeServices")).toBeGreaterThan(actions().indexOf("UpdateService"));
		});

		test("fails where the new tasks did not become healthy and ECS went back", async () => {
			ecs.fate.isHealthy = false;
			const { code, said } = await deploy("fifth", "roll", "relay");
			expect([code, said]).toEqual([
				1,
				"The new relay did not become healthy: what ran before runs again. Its log is in /gamma/gamma-dev/relay.\n",
			]);
		});

		test("says how it is used, and asks nobody anything then", async () => {
			for (const args of [[], ["roll"], ["roll", "postgres"], ["migrate", "relay"]]) {
				expect(await deploy("x", ...args)).toEqual({
					code: 2,
					said: "usage: deploy.sh migrate | deploy.sh roll relay|mlflow\n",
				});
			}
			expect(ecs.asked).toEqual([]);
		});
	},
);
