// `npm run notice`: NOTICE.md, the licences of what is bundled, read from what esbuild really put into dist/.
// With --check it only says whether the file is current.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/cache.mjs";

const { outputs } = JSON.parse(readFileSync(join(root, "dist", "meta.json"), "utf8"));
// Copied whole, not bundled.
const names = new Set(["@vscode/codicons", "@electric-sql/pglite"]);
for (const { inputs } of Object.values(outputs)) {
	for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
		const found = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
		if (found && bytesInOutput > 0) names.add(found[1]);
	}
}

const sections = [...names].sort().map((name) => {
	const folder = join(root, "node_modules", name);
	const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
	const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
	const text = file
		? readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim()
		: `${license} (the package carries no text)`;
	return `## ${name} ${version} (${license})\n\n\`\`\`\n${text}\n\`\`\`\n`;
});
const notice = `# Notice\n\nGamma is MIT licensed. It contains these packages, under their own licences.\nThe icons are Visual Studio Code's codicons by Microsoft, CC-BY-4.0.\n\n${sections.join("\n")}`;
const path = join(root, "NOTICE.md");
if (process.argv.includes("--check")) {
	if (!existsSync(path) || readFileSync(path, "utf8") !== notice)
		throw new Error("NOTICE.md is out of date: run `npm run notice`.");
} else writeFileSync(path, notice);
