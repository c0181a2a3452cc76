import { quantile, rateRows, type Side } from "../support/rates";
import { endOfRounds, header } from "../support/rounds";
import { type ChildServer, cpuSeconds, memoryKb } from "./childServer";
import { type GammaRelay, startGamma } from "./gammaRelay";
import { nginx, startNchan } from "./nchan";
import { startPeer } from "./peers";
import { mark, Subscribers } from "./subscribers";

const dataBytes = 500;
const rounds = 3;

/** One server under measurement, with a stream opened by `request` and a way to tell everybody something. */
interface Stage {
	readonly server: ChildServer;
	readonly request: string;
	publish(data: string): Promise<void>;
}

interface Figures {
	readonly name: string;
	readonly connectSeconds: number[];
	readonly kbPerStream: number[];
	readonly p99Ms: number[];
	readonly burstPerSecond: number[];
	readonly cpuPerMillion: number[];
}

const contestants: readonly { readonly name: string; open(databaseUrl: string): Promise<Stage> }[] = [
	{ name: "Gamma", open: openGamma },
	{ name: "better-sse", open: async () => overHttp(await startPeer("betterSse")) },
	...(nginx ? [{ name: "nginx nchan", open: async () => overHttp(await startNchan()) }] : []),
];

async function openGamma(databaseUrl: string): Promise<Stage> {
	const server: GammaRelay = await startGamma(databaseUrl);
	const project = await server.makeProject();
	const request = `GET /api/events?project=${project.id} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer ${server.token}\r\n\r\n`;
	return { server, request, publish: (data) => project.append(data) };
}

function overHttp(server: ChildServer): Stage {
	return {
		server,
		request: "GET /events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n",
		publish: async (body) => {
			const answer = await fetch(`${server.url}/publish`, { method: "POST", body });
			await answer.text();
			if (!answer.ok) throw new Error(`publishing was answered ${answer.status}`);
		},
	};
}

/** Each server in turn, started anew each time: readers connect, then events come one at a time, then as fast as they can. */
export async function measureFanOut(databaseUrl: string, readers: number): Promise<void> {
	const sides = contestants.map(({ name, open }) => ({
		open,
		figures: { name, connectSeconds: [], kbPerStream: [], p99Ms: [], burstPerSecond: [], cpuPerMillion: [] } as Figures,
	}));
	const enough = endOfRounds(readers > 1_000 ? 100_000 : 60_000);
	for (let round = 0; round < rounds && !enough(); round++) {
		for (const { open, figures } of sides) {
			const stage = await open(databaseUrl);
			await measure(stage, readers, figures);
			await stage.server.stop();
		}
	}
	header(`Events of ${dataBytes} bytes to ${readers.toLocaleString("en-US")} readers, one server process`);
	if (!nginx) process.stdout.write("nginx with nchan is NOT measured: it is not here and could not be installed.\n");
	const of = (key: keyof Omit<Figures, "name">) =>
		sides.map(({ figures }): Side => ({ name: figures.name, values: figures[key] }));
	const rows = (work: string, unit: string, key: keyof Omit<Figures, "name">, target: string, isLessBetter = true) => {
		const [gamma, ...peers] = of(key);
		rateRows(work, unit, gamma?.values ?? [], peers, target, isLessBetter);
	};
	const isLarge = readers >= 5_000;
	rows("deliveries, burst", "/s", "burstPerSecond", isLarge ? "≥ 90,000/s, ≥ 1.5 × better-sse" : "", false);
	rows("CPU of the server per million deliveries", "s", "cpuPerMillion", isLarge ? "≤ 9 s" : "");
	rows("published → at each reader, one at a time, p99", "ms", "p99Ms", isLarge ? "≤ 100 ms" : "");
	rows("memory per stream", "kB", "kbPerStream", isLarge ? "≤ 20 kB" : "");
	rows("all connected", "s", "connectSeconds", "");
}

async function measure({ server, request, publish }: Stage, readers: number, figures: Figures): Promise<void> {
	const data = (at: number) => JSON.stringify(`${at} ${mark}`.padEnd(dataBytes - 2, "x"));
	const beforeKb = memoryKb(server.pids);
	const began = performance.now();
	const subscribers = await Subscribers.open(server.url, request, readers);
	figures.connectSeconds.push((performance.now() - began) / 1_000);
	await new Promise((done) => setTimeout(done, 500));
	figures.kbPerStream.push((memoryKb(server.pids) - beforeKb) / readers);

	const single = readers > 1_000 ? 25 : 50;
	const delays = new Float64Array(single * readers);
	for (let at = 0; at < single; at++) {
		const times = new Float64Array(readers);
		const all = subscribers.receive(1, times);
		const published = performance.now();
		await Promise.all([publish(data(at)), all]);
		for (const [reader, time] of times.entries()) delays[at * readers + reader] = time - published;
	}
	figures.p99Ms.push(quantile(delays.sort(), 0.99));

	const burst = readers > 1_000 ? 80 : 200;
	const cpuBefore = cpuSeconds(server.pids);
	const start = performance.now();
	const all = subscribers.receive(burst);
	for (let at = 0; at < burst; at++) await publish(data(at));
	await all;
	const deliveries = burst * readers;
	figures.burstPerSecond.push(deliveries / ((performance.now() - start) / 1_000));
	figures.cpuPerMillion.push((cpuSeconds(server.pids) - cpuBefore) / (deliveries / 1_000_000));
	subscribers.close();
}
