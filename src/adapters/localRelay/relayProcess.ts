import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** How a relay is started: by the editor, or by the `gamma` command. */
const relayCommand = /\bserver[\\/]main\.js\b|\bgamma(\.mjs|\.cjs)?["']?\s+relay\b/;

/**
 * Is this process a relay of this user? A pid lives on in a file after its process, and belongs to another one later: what
 * its command line does not show to be a relay is none. Where that cannot be read, being alive counts.
 */
export async function isRelayProcess(pid: number): Promise<boolean> {
	try {
		process.kill(pid, 0);
	} catch {
		// Gone, or of another user.
		return false;
	}
	const command = await commandOf(pid);
	return command === null || relayCommand.test(command);
}

/** Empty for a process that has ended and that nobody has noticed yet; null where the system does not tell. */
async function commandOf(pid: number): Promise<string | null> {
	if (process.platform === "win32") return null;
	if (process.platform === "linux") {
		const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
		return line.replaceAll("\0", " ");
	}
	return promisify(execFile)("ps", ["-o", "command=", "-p", String(pid)]).then(
		({ stdout }) => stdout,
		() => "",
	);
}
