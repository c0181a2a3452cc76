import { connect, type Socket } from "node:net";

/**
 * Posts prepared requests over connections that are kept, one under way on each, and takes every answer but `status` for a
 * failure. Bare sockets, so that what is measured is the server. Answers seconds, and each request's time in milliseconds, sorted.
 */
export async function postMany(
	url: string,
	connections: number,
	count: number,
	status: number,
	request: (at: number) => Buffer,
): Promise<{ seconds: number; sortedMs: Float64Array }> {
	const { hostname, port } = new URL(url);
	const times = new Float64Array(count);
	let next = 0;
	let done = 0;
	const sockets = await Promise.all(
		Array.from({ length: connections }, async () => {
			const socket = connect({ host: hostname, port: Number(port), noDelay: true });
			await new Promise((connected, failed) => socket.once("connect", connected).once("error", failed));
			return socket;
		}),
	);
	const began = performance.now();
	await new Promise<void>((finish, fail) => {
		const lane = (socket: Socket) => {
			let at = 0;
			let sentMs = 0;
			let answer = "";
			const send = () => {
				if (next >= count) return;
				at = next++;
				sentMs = performance.now();
				socket.write(request(at));
			};
			socket.on("error", fail);
			socket.on("data", (bytes) => {
				answer += bytes.toString("latin1");
				if (!isWhole(answer)) return;
				if (!answer.startsWith(`HTTP/1.1 ${status} `)) return fail(new Error(`answered ${answer.slice(0, 300)}`));
				answer = "";
				times[at] = performance.now() - sentMs;
				if (++done === count) finish();
				else send();
			});
			send();
		};
		for (const socket of sockets) lane(socket);
	});
	const seconds = (performance.now() - began) / 1_000;
	for (const socket of sockets) socket.destroy();
	return { seconds, sortedMs: times.sort() };
}

function isWhole(answer: string): boolean {
	const head = answer.indexOf("\r\n\r\n");
	if (head < 0) return false;
	const length = /\r\ncontent-length: (\d+)/i.exec(answer)?.[1];
	return length === undefined ? answer.endsWith("0\r\n\r\n") : answer.length >= head + 4 + Number(length);
}
