import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the stand-in answers: a status and SageMaker's own error type, or the body of a success. */
export type SagemakerAnswer =
	| { readonly error: string; readonly message: string; readonly status?: number }
	| Readonly<Record<string, unknown>>;

export interface SagemakerStandIn {
	readonly url: string;
	/** Requests as they came: the action (`CreateTrainingJob`) and its body. */
	readonly asked: { readonly action: string; readonly body: Record<string, unknown> }[];
	stop(): Promise<void>;
}

/** Speaks AWS's JSON 1.1 for what moto does not do: taken names, states that change, refusals. */
export async function startSagemaker(
	answer: (action: string, body: Record<string, unknown>, count: number) => SagemakerAnswer,
): Promise<SagemakerStandIn> {
	const asked: SagemakerStandIn["asked"] = [];
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const action = String(request.headers["x-amz-target"] ?? "").replace("SageMaker.", "");
			const body = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as Record<string, unknown>;
			asked.push({ action, body });
			const told = answer(action, body, asked.filter((one) => one.action === action).length);
			const status = "error" in told ? Number(told.status ?? 400) : 200;
			const text = "error" in told ? { __type: told.error, message: told.message } : told;
			response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(text));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
