import { request } from "node:http";

/** The status of a request whose path goes as it is written: `fetch` would resolve `..` itself, encoded or not. */
export function askExactly(url: string, path: string, method: string, token: string): Promise<number> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve, reject) => {
		const headers = { authorization: `Bearer ${token}` };
		request({ hostname, port, path, method, headers, agent: false }, (response) => {
			response.resume();
			response.once("end", () => resolve(response.statusCode ?? 0));
		})
			.once("error", reject)
			.end();
	});
}
