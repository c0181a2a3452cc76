import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Every file below a folder with its bytes, sizes and times: equal before and after means nothing was written. */
export function treeDigest(folder: string): string {
	const hash = createHash("sha256");
	const visit = (path: string) => {
		for (const name of readdirSync(path).sort()) {
			const child = join(path, name);
			const stat = lstatSync(child);
			hash.update(`${child}\0${stat.mode}\0${stat.size}\0${stat.mtimeMs}\0`);
			if (stat.isSymbolicLink()) hash.update(readlinkSync(child));
			else if (stat.isDirectory()) visit(child);
			else if (stat.isFile() && stat.size < 5e6) hash.update(readFileSync(child));
		}
	};
	visit(folder);
	return hash.digest("hex");
}
