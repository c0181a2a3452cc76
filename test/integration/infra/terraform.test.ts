import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toTrainingJob } from "../../../src/core/mmp/trainingJob";
import { parseTrainSettings } from "../../../src/core/mmp/trainSettings";
import {
	type PlannedResource,
	providersFolder,
	TerraformStack,
	terraformPath,
} from "../../support/infra/terraformStack";

const root = resolve(import.meta.dirname, "../../..");
const python = process.env.GAMMA_PYTHON;
const variables = (environment: string, ...more: string[]) => [`-var-file=environments/${environment}.tfvars`, ...more];

describe.skipIf(!terraformPath || !providersFolder || !python)(
	"infra/, planned, applied and destroyed in front of moto (needs Terraform, its AWS provider and moto)",
	{ timeout: 600_000 },
	() => {
		let stack: TerraformStack;
		beforeAll(async () => {
			stack = await TerraformStack.start(python ?? "");
		}, 180_000);
		afterAll(() => stack.stop());

		/** Signs nothing: moto takes whoever comes. */
		const ask = async (target: string, service: string, body: unknown) => {
			const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
			const headers = { "x-amz-target": target, "content-type": "application/x-amz-json-1.1", authorization };
			const response = await fetch(stack.awsUrl, { method: "POST", headers, body: JSON.stringify(body) });
			if (!response.ok) throw new Error(`${target}: ${await response.text()}`);
			return (await response.json()) as Record<string, unknown>;
		};

		test("is written as Terraform writes it, and valid", async () => {
			await stack.run("fmt", "-check", "-recursive", join(root, "infra"));
			expect(JSON.parse(await stack.run("validate", "-json"))).toMatchObject({ valid: true, warning_count: 0 });
		});

		describe.each(["dev", "prod"])("as it would be in %s", (environment) => {
			let resources: readonly PlannedResource[];
			const of = (type: string) => resources.filter((resource) => resource.type === type);
			beforeAll(async () => {
				resources = await stack.plan(...variables(environment));
			}, 180_000);

			test("the world reaches ports 80 and 443 of the load balancer, and nothing else", () => {
				const open = of("aws_vpc_security_group_ingress_rule").filter(({ values }) => values.cidr_ipv4 !== null);
				expect(
					open.map(({ address, values }) => [address, values.cidr_ipv4, values.from_port, values.to_port]),
				).toEqual([
					['module.networking.aws_vpc_security_group_ingress_rule.world_to_alb["http"]', "0.0.0.0/0", 80, 80],
					['module.networking.aws_vpc_security_group_ingress_rule.world_to_alb["https"]', "0.0.0.0/0", 443, 443],
				]);
				expect(of("aws_security_group").some(({ values }) => "ingress" in values && values.ingress !== undefined)).toBe(
					false,
				);
				for (const { values } of of("aws_ecs_service")) {
					expect(values.network_configuration).toMatchObject([{ assign_public_ip: false }]);
				}
				expect(of("aws_subnet").map(({ values }) => values.map_public_ip_on_launch)).not.toContain(true);
			});

			test("MLflow has no load balancer: only the relay's security group and trainings' may ask it", () => {
				expect(of("aws_lb_target_group").map(({ values }) => values.name)).toEqual([`gamma-${environment}-relay`]);
				const services = new Map(of("aws_ecs_service").map(({ values }) => [values.name, values]));
				expect(services.get("mlflow")?.load_balancer).toEqual([]);
				expect(services.get("relay")?.load_balancer).toMatchObject([{ container_name: "relay", container_port: 8080 }]);
				const text = readFileSync(join(root, "infra/modules/networking/groups.tf"), "utf8");
				const rules = [
					...text.matchAll(
						/_ingress_rule" "(\w+)" \{[^}]*security_group_id\s+= aws_security_group\.mlflow\.id[^}]*\}/g,
					),
				];
				expect(rules.map(([, name]) => name)).toEqual(["relay_to_mlflow", "training_to_mlflow"]);
				for (const [at, group] of ["relay", "training"].entries())
					expect(rules[at]?.[0]).toContain(`referenced_security_group_id = aws_security_group.${group}.id`);
				// Nobody reaches a training.
				expect(text).not.toMatch(
					/_ingress_rule" "\w+" \{[^}]*\n\s+security_group_id\s+= aws_security_group\.training\.id/,
				);
			});

			test("one part's place is kept while another is replaced, and what fails goes back", () => {
				for (const { values } of of("aws_ecs_service")) {
					expect(values).toMatchObject({
						deployment_minimum_healthy_percent: 100,
						deployment_circuit_breaker: [{ enable: true, rollback: true }],
					});
				}
				const [target] = of("aws_appautoscaling_target");
				const [service] = of("aws_ecs_service").filter(({ values }) => values.name === "relay");
				expect(Number(target?.values.min_capacity)).toBe(service?.values.desired_count);
				expect(of("aws_appautoscaling_policy").map(({ values }) => values.name)).toEqual([
					`gamma-${environment}-relay-cpu`,
					`gamma-${environment}-relay-streams`,
				]);
			});

			test("artifacts are versioned, encrypted, nobody's but whose credentials say so, and reached over TLS only", () => {
				expect(of("aws_s3_bucket_versioning")[0]?.values.versioning_configuration).toMatchObject([
					{ status: "Enabled" },
				]);
				expect(of("aws_s3_bucket_server_side_encryption_configuration")).toHaveLength(1);
				const { block_public_acls, block_public_policy, ignore_public_acls, restrict_public_buckets } =
					of("aws_s3_bucket_public_access_block")[0]?.values ?? {};
				expect([block_public_acls, block_public_policy, ignore_public_acls, restrict_public_buckets]).toEqual([
					true,
					true,
					true,
					true,
				]);
				expect(of("aws_ecr_repository").map(({ values }) => values.image_tag_mutability)).toEqual([
					"IMMUTABLE",
					"IMMUTABLE",
				]);
			});

			test("there is an alarm for what an operator has to know", () => {
				const names = of("aws_cloudwatch_metric_alarm").map(({ values }) => values.alarm_name);
				const wanted = [
					"database-away",
					"delivery-lag",
					"no-figures",
					"queue-age",
					"server-errors",
					"undelivered",
					"unhealthy",
				];
				expect(names).toEqual(wanted.map((name) => `gamma-${environment}-${name}`));
				expect(of("aws_cloudwatch_dashboard")).toHaveLength(1);
				expect(of("aws_cloudwatch_log_metric_filter").map(({ values }) => values.pattern)).toEqual(
					["databaseAway", "deliveryLagMs", "openStreams", "queueAgeSeconds"].map(
						(field) => `{ $.msg = "figures" && $.${field} >= 0 }`,
					),
				);
			});
		});

		describe("applied as a newcomer does it", () => {
			let resources: readonly PlannedResource[];
			let given: readonly string[];
			const of = (type: string) => resources.filter((resource) => resource.type === type);
			beforeAll(async () => {
				const { CertificateArn } = await ask("CertificateManager.RequestCertificate", "acm", {
					DomainName: "gamma-dev.example.com",
				});
				const further =
					'-var=further_secrets=["SUPABASE_JWT_SECRET","GITHUB_WEBHOOK_SECRET_BEFORE","ANTHROPIC_API_KEY"]';
				given = variables("dev", `-var=certificate_arn=${CertificateArn}`, further);
				await stack.run("apply", "-auto-approve", "-input=false", "-target=module.secrets", ...given);
				const { SecretList } = await ask("secretsmanager.ListSecrets", "secretsmanager", {});
				for (const { Name } of SecretList as readonly { Name: string }[]) {
					const value = { SecretId: Name, SecretString: "a value of this test", ClientRequestToken: randomUUID() };
					await ask("secretsmanager.PutSecretValue", "secretsmanager", value);
				}
				await stack.run("apply", "-auto-approve", "-input=false", ...given);
				resources = await stack.applied();
			}, 400_000);

			test("the second plan is empty, and the outputs say what to do next", async () => {
				expect(await stack.run("plan", "-input=false", "-detailed-exitcode", ...given)).toContain("No changes.");
				const outputs = JSON.parse(await stack.run("output", "-json")) as Record<string, { value: unknown }>;
				expect(Object.keys(outputs).sort()).toEqual([
					...[
						"bucket",
						"deploy_role_arn",
						"ecr_repositories",
						"load_balancer_dns",
						"migrate",
						"next",
						"reader_policy_arn",
					],
					...["relay_url", "sagemaker_role_arn", "training_network", "training_role_arn"],
				]);
				expect(outputs.next?.value).toContain("https://gamma-dev.example.com/api/webhooks/github");
			});

			test("tasks run as nobody in particular, on a root they cannot write", () => {
				const definitions = containers(of("aws_ecs_task_definition"));
				expect(definitions.map(({ name }) => name).sort()).toEqual(["mlflow", "relay"]);
				for (const { user, readonlyRootFilesystem, privileged } of definitions) {
					expect({ user, readonlyRootFilesystem, privileged }).toEqual({
						user: "1000:1000",
						readonlyRootFilesystem: true,
					});
				}
			});

			test("every setting of the relay is in its task, each secret from Secrets Manager alone, and nothing else", () => {
				const text = readFileSync(join(root, "server/config.ts"), "utf8");
				const rules = /const rules = \{([\s\S]*?)\n\} as const/.exec(text)?.[1] ?? "";
				const settings = [...rules.matchAll(/^\t([A-Z][A-Z0-9_]+):/gm)].map(([, name = ""]) => name);
				expect(settings.length).toBeGreaterThan(15);
				/** Of a relay of one person, or of another S3 than AWS's. */
				const elsewhere = ["GAMMA_DATA_DIR", "GAMMA_LOCAL_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"];
				const relay = containers(of("aws_ecs_task_definition")).find(({ name }) => name === "relay");
				const plain = relay?.environment?.map(({ name }) => name) ?? [];
				const secret = relay?.secrets?.map(({ name }) => name) ?? [];
				expect([...plain, ...secret, ...elsewhere].filter((name) => name !== "NODE_OPTIONS").sort()).toEqual(
					[...new Set([...settings, "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"])].sort(),
				);
				const isSecret = /SECRET|PRIVATE_KEY|API_KEY|PASSWORD|TOKEN|DATABASE_URL/;
				expect(plain.filter((name) => isSecret.test(name))).toEqual([]);
				expect(secretNames(of("aws_secretsmanager_secret")).filter((name) => !isSecret.test(name))).toEqual([]);
				expect(of("aws_secretsmanager_secret_version")).toEqual([]);
			});

			test("nobody may write anything by a wildcard, and CI only what its branches are for", () => {
				const policies = [...of("aws_iam_role_policy"), ...of("aws_iam_policy")];
				expect(policies.length).toBeGreaterThan(7);
				for (const { address, values } of policies) {
					const { Statement } = JSON.parse(String(values.policy)) as { Statement: readonly Statement[] };
					expect([address, Statement.flatMap(wildcardWrites)]).toEqual([address, []]);
				}
				const trust = of("aws_iam_role").find(({ values }) => values.name === "gamma-dev-submit")?.values
					.assume_role_policy;
				expect(JSON.parse(String(trust))).toMatchObject({
					Statement: [
						{
							Condition: {
								StringLike: {
									"token.actions.githubusercontent.com:sub": [
										"repo:example/digits:ref:refs/heads/models",
										"repo:example/digits:ref:refs/heads/models/*",
									],
								},
							},
						},
					],
				});
			});

			test("CI may submit what gamma submit names after its repository, and no other training", () => {
				const policy = of("aws_iam_role_policy").find(({ values }) => values.name === "submit-trainings")?.values
					.policy;
				const { Statement } = JSON.parse(String(policy)) as { Statement: readonly Statement[] };
				const { name } = toTrainingJob({
					pushed: { commitSha: "a".repeat(40), branch: "models/x", repository: "example/digits", runKey: "7" } as never,
					folderName: "digits",
					settings: parseTrainSettings(
						'{"sagemaker": {"role": "arn:aws:iam::123456789012:role/r", "image": "i", "bucket": "bucket"}}',
					),
					jobId: null,
					nowMs: 0,
					trackingUri: null,
				});
				const arn = `arn:aws:sagemaker:eu-central-1:123456789012:training-job/${name.toLowerCase()}`;
				const resources = Statement.flatMap(({ Action, Resource }) =>
					[Action].flat().includes("sagemaker:CreateTrainingJob") ? [Resource].flat() : [],
				);
				expect(resources.map((one) => one.replace(/\*$/, ""))).toEqual([arn.slice(0, arn.indexOf("digits-") + 7)]);
			});

			test("a training reaches MLflow in the network that the outputs name, as a role that may join it there alone", async () => {
				const { training_network: network } = JSON.parse(await stack.run("output", "-json")) as {
					training_network: { value: { subnets: string[]; securityGroups: string[]; tracking_uri: string } };
				};
				const { subnets, securityGroups, tracking_uri: uri } = network.value;
				expect(uri).toMatch(/^http:\/\/mlflow\.[\w.-]+:5000$/);
				const { request } = toTrainingJob({
					pushed: { commitSha: "a".repeat(40), branch: "models/x", repository: "example/digits", runKey: "7" } as never,
					folderName: "digits",
					settings: parseTrainSettings(
						JSON.stringify({
							sagemaker: {
								role: "arn:aws:iam::123456789012:role/r",
								image: "i",
								bucket: "bucket",
								subnets,
								securityGroups,
							},
							env: { MLFLOW_TRACKING_URI: uri },
						}),
					),
					...{ jobId: null, nowMs: 0, trackingUri: null },
				});
				expect(request.VpcConfig).toEqual({ Subnets: subnets, SecurityGroupIds: securityGroups });
				expect(request.Environment.MLFLOW_TRACKING_URI).toBe(uri);
				const policy = of("aws_iam_role_policy").find(({ values }) => values.name === "train")?.values.policy;
				const { Statement } = JSON.parse(String(policy)) as { Statement: readonly Statement[] };
				const made = Statement.find(({ Action }) => [Action].flat().includes("ec2:CreateNetworkInterface"));
				const named = [made?.Resource].flat().map((arn) => arn?.split("/")[1]);
				expect(named.sort()).toEqual(["*", ...securityGroups, ...subnets].sort());
			});

			test("it goes without a rest", async () => {
				await stack.run("destroy", "-auto-approve", "-input=false", ...given);
				expect(await stack.run("state", "list")).toBe("");
			});
		});
	},
);

test("no file of infra/ holds a secret or a wildcard that writes", () => {
	for (const file of readdirSync(join(root, "infra"), { recursive: true, encoding: "utf8" })) {
		if (!/\.(tf|tfvars|yaml|Dockerfile|sh|py)$/.test(file) || file.includes(".terraform")) continue;
		const text = readFileSync(join(root, "infra", file), "utf8");
		expect([file, /AKIA[0-9A-Z]{16}|BEGIN [A-Z ]*PRIVATE KEY|ghp_[A-Za-z0-9]{36}|sk-ant-/.exec(text)?.[0]]).toEqual([
			file,
			undefined,
		]);
		const wild = [...text.matchAll(/actions\s*=\s*\[([^\]]*)\]\s*\n\s*resources\s*=\s*\["\*"\]/g)].flatMap(
			([, actions = ""]) => [...actions.matchAll(/"([^"]+)"/g)].map(([, action = ""]) => action).filter(writes),
		);
		// CloudWatch knows no narrower resource; the statement's condition names the namespace.
		expect([file, wild.filter((action) => action !== "cloudwatch:PutMetricData")]).toEqual([file, []]);
	}
});

interface Statement {
	readonly Effect: string;
	readonly Action: string | readonly string[];
	readonly Resource: string | readonly string[];
	readonly Condition?: object;
}

const reads = /^(\w+):(Get|List|Describe|BatchGet|BatchCheck|Filter)\w*$/;
const writes = (action: string) => !reads.test(action);

/** Actions of a statement that change something anywhere. A condition narrows where there is no narrower resource. */
function wildcardWrites({ Effect, Action, Resource, Condition }: Statement): readonly string[] {
	if (Effect !== "Allow") return [];
	const actions = [Action].flat();
	const isAnywhere = Condition === undefined && [Resource].flat().includes("*");
	return actions.filter((action) => action.includes("*") || (isAnywhere && writes(action)));
}

interface Container {
	readonly name: string;
	readonly user?: string;
	readonly readonlyRootFilesystem?: boolean;
	readonly privileged?: boolean;
	readonly environment?: readonly { readonly name: string; readonly value: string }[];
	readonly secrets?: readonly { readonly name: string }[];
}

function containers(definitions: readonly PlannedResource[]): readonly Container[] {
	return definitions.flatMap(({ values }) =>
		typeof values.container_definitions === "string" ? (JSON.parse(values.container_definitions) as Container[]) : [],
	);
}

function secretNames(secrets: readonly PlannedResource[]): string[] {
	return secrets.map(({ values }) => String(values.name).replace(/^.*\//, ""));
}
