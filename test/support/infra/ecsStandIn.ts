import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Body = Record<string, unknown>;

/** How ECS fares with what it is told: moto keeps what is registered, but runs nothing and replaces nothing. */
export interface EcsFate {
	/** What the task that runs once ends with. */
	exitCode: number;
	/** Whether the new tasks of a service become healthy; if not, its circuit breaker goes back to what ran before. */
	isHealthy: boolean;
}

export interface EcsStandIn {
	readonly url: string;
	readonly fate: EcsFate;
	/** Actions of ECS with their bodies, in order. */
	readonly asked: { readonly action: string; readonly body: Body }[];
	stop(): Promise<void>;
}

const taskArn = "arn:aws:ecs:eu-central-1:123456789012:task/gamma/0123456789abcdef0123456789abcdef";

/** Stands before moto (`aws`) and answers what moto does not do of ECS; all else goes on to it. */
export async function startEcs(aws: string): Promise<EcsStandIn> {
	const asked: EcsStandIn["asked"] = [];
	const fate: EcsFate = { exitCode: 0, isHealthy: true };
	let looks = 0;
	let before: unknown;
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const bytes = Buffer.concat(chunks);
			const action = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
			const body = bytes.length > 0 ? (JSON.parse(bytes.toString("utf8")) as Body) : {};
			asked.push({ action, body });
			const answer = async (): Promise<Body> => {
				if (action === "RunTask") {
					looks = 0;
					return { tasks: [{ taskArn, lastStatus: "PROVISIONING" }], failures: [] };
				}
				if (action === "DescribeTasks") {
					const isOver = looks++ > 0 || fate.exitCode !== 0;
					const container = { name: "relay", ...(isOver && { exitCode: fate.exitCode }) };
					return {
						tasks: [{ taskArn, lastStatus: isOver ? "STOPPED" : "RUNNING", containers: [container] }],
						failures: [],
					};
				}
				if (action === "UpdateService")
					before = (await serviceOf(String(body.cluster), String(body.service))).taskDefinition;
				const headers = Object.fromEntries(
					Object.entries(request.headers).filter(([name]) => !["host", "connection", "content-length"].includes(name)),
				) as Record<string, string>;
				const passed = await fetch(`${aws}${request.url}`, { method: "POST", headers, body: bytes });
				const text = await passed.text();
				if (!passed.ok) throw new Error(text);
				const told = JSON.parse(text) as Body;
				if (action === "DescribeServices") {
					for (const service of told.services as Body[]) {
						service.runningCount = service.desiredCount;
						service.deployments = [{ status: "PRIMARY" }];
						if (!fate.isHealthy) service.taskDefinition = before;
					}
				}
				return told;
			};
			answer().then(
				(told) => response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(told)),
				(error: Error) => response.writeHead(400, { "content-type": "application/x-amz-json-1.1" }).end(error.message),
			);
		});
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const serviceOf = async (cluster: string, service: string): Promise<Body> =>
		((await askEcs(aws, "DescribeServices", { cluster, services: [service] })).services as Body[])[0] ?? {};
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		fate,
		asked,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

/** Asks ECS at this address; signs nothing: moto takes whoever comes. */
export async function askEcs(aws: string, action: string, body: unknown): Promise<Body> {
	const response = await fetch(aws, {
		method: "POST",
		headers: {
			"x-amz-target": `AmazonEC2ContainerServiceV20141113.${action}`,
			"content-type": "application/x-amz-json-1.1",
			authorization:
				"AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/ecs/aws4_request, SignedHeaders=host, Signature=0",
		},
		body: JSON.stringify(body),
	});
	if (!response.ok) throw new Error(`${action}: ${await response.text()}`);
	return (await response.json()) as Body;
}
