import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, freemem, totalmem } from "node:os";
import type { LoggedPoint } from "../../core/sidecar/recordedRun";

const sampleEveryMs = 10_000;
/** A short training is seen too. */
const firstSampleMs = 1000;
const mb = 1e6;
/** USER_HZ, which Linux keeps at 100 for programs. */
const ticksPerSecond = 100;

/** The machine's and the training's use of processor, memory and GPUs, under MLflow's names (`mlflow/system_metrics`). */
export class SystemMetrics {
	readonly #first: NodeJS.Timeout;
	readonly #timer: NodeJS.Timeout;
	#step = 0;
	#last = { ...machineTicks(), groupTicks: 0, ms: Date.now() };
	#hasGpus = true;

	constructor(
		private readonly groupId: number,
		private readonly log: (points: readonly LoggedPoint[]) => void,
	) {
		this.#first = setTimeout(() => void this.#sample(), firstSampleMs).unref();
		this.#timer = setInterval(() => void this.#sample(), sampleEveryMs).unref();
	}

	stop(): void {
		clearTimeout(this.#first);
		clearInterval(this.#timer);
	}

	async #sample(): Promise<void> {
		const step = this.#step++;
		const timestampMs = Date.now();
		const values = { ...this.#machine(timestampMs), ...(this.#hasGpus ? await this.#gpus() : {}) };
		this.log(Object.entries(values).map(([name, value]) => ({ key: `system/${name}`, value, step, timestampMs })));
	}

	#machine(now: number): Record<string, number> {
		const ticks = machineTicks();
		const group = groupUse(this.groupId);
		const { busy, all, groupTicks, ms } = this.#last;
		this.#last = { ...ticks, groupTicks: group?.ticks ?? 0, ms: now };
		const used = totalmem() - (available() ?? freemem());
		const groupSeconds = ((group?.ticks ?? 0) - groupTicks) / ticksPerSecond;
		return {
			cpu_utilization_percentage: ticks.all > all ? (100 * (ticks.busy - busy)) / (ticks.all - all) : 0,
			system_memory_usage_megabytes: used / mb,
			system_memory_usage_percentage: (100 * used) / totalmem(),
			...(group !== null && {
				process_cpu_utilization_percentage: Math.max(0, (100_000 * groupSeconds) / Math.max(1, now - ms)),
				process_memory_usage_megabytes: group.bytes / mb,
			}),
		};
	}

	async #gpus(): Promise<Record<string, number>> {
		const text = await nvidiaSmi();
		if (text === null) {
			this.#hasGpus = false;
			return {};
		}
		const values: Record<string, number> = {};
		for (const line of text.trim().split("\n")) {
			const [index, load, usedMiB, totalMiB, watts] = line.split(",").map((word) => Number(word.trim()));
			const put = (name: string, value: number | undefined) => {
				if (value !== undefined && Number.isFinite(value)) values[`gpu_${index}_${name}`] = value;
			};
			put("utilization_percentage", load);
			put("memory_usage_megabytes", (usedMiB ?? Number.NaN) * 1.048576);
			put("memory_usage_percentage", (100 * (usedMiB ?? Number.NaN)) / (totalMiB ?? Number.NaN));
			put("power_usage_watts", watts);
		}
		return values;
	}
}

/** Null where there is none, or it does not answer. */
function nvidiaSmi(): Promise<string | null> {
	const fields = "index,utilization.gpu,memory.used,memory.total,power.draw";
	return new Promise((resolve) => {
		execFile(
			"nvidia-smi",
			[`--query-gpu=${fields}`, "--format=csv,noheader,nounits"],
			{ timeout: 5000 },
			(error, stdout) => resolve(error === null ? stdout : null),
		);
	});
}

function machineTicks(): { busy: number; all: number } {
	let busy = 0;
	let all = 0;
	for (const { times } of cpus()) {
		const sum = times.user + times.nice + times.sys + times.irq + times.idle;
		all += sum;
		busy += sum - times.idle;
	}
	return { busy, all };
}

/** What Linux could give to programs, in bytes: free memory alone leaves out its caches. */
function available(): number | null {
	try {
		const found = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"));
		return found === null ? null : Number(found[1]) * 1024;
	} catch {
		return null;
	}
}

/** Of all processes of a group, from /proc; null elsewhere than on Linux. */
function groupUse(groupId: number): { ticks: number; bytes: number } | null {
	let ticks = 0;
	let pages = 0;
	let isFound = false;
	for (const name of processes()) {
		const fields = statOf(name);
		// Behind the name in brackets: 2 is the group, 11 and 12 the ticks, 21 the resident pages (proc(5), less three).
		if (Number(fields[2]) !== groupId) continue;
		isFound = true;
		ticks += Number(fields[11]) + Number(fields[12]);
		pages += Number(fields[21]);
	}
	return isFound ? { ticks, bytes: pages * 4096 } : null;
}

function processes(): string[] {
	try {
		return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
	} catch {
		return [];
	}
}

function statOf(name: string): string[] {
	try {
		const text = readFileSync(`/proc/${name}/stat`, "utf8");
		return text.slice(text.lastIndexOf(")") + 2).split(" ");
	} catch {
		return [];
	}
}
