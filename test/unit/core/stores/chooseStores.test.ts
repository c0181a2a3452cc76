import { expect, test } from "vitest";
import { chooseStores, hostOf } from "../../../../src/core/stores/chooseStores";
import { isHeaderName, problemOfServerAddress } from "../../../../src/core/stores/serverAddress";
import type { StoreLocation } from "../../../../src/core/stores/trackingStore";

const found: readonly StoreLocation[] = [
	{ uri: "/work/mlruns", source: "folder" },
	{ uri: "https://mine.example/mlflow", source: "settings" },
	{ uri: "http://evil.example:5000/a", source: "workspace" },
	{ uri: "\\\\evil\\share\\mlruns", source: "workspace" },
	{ uri: "//evil/share", source: "workspace" },
	{ uri: "file://evil/share", source: "workspace" },
	{ uri: "http://env.example", source: "environment" },
];
const uris = (locations: readonly StoreLocation[]) => locations.map(({ uri }) => uri);

test("a host that a file of the workspace names is asked about, the person's own are opened", () => {
	const choice = chooseStores(found, { isTrusted: true, allowedHosts: new Set() });
	expect(uris(choice.open)).toEqual(["/work/mlruns", "https://mine.example/mlflow", "http://env.example"]);
	expect(uris(choice.asked)).toEqual(uris(found.filter(({ source }) => source === "workspace")));
	expect(choice.withheld).toEqual([]);
});

test("allowing a host allows that host and port, and no other", () => {
	const allowed = (host: string) => uris(chooseStores(found, { isTrusted: true, allowedHosts: new Set([host]) }).open);
	expect(allowed("http://evil.example:5000")).toContain("http://evil.example:5000/a");
	expect(allowed("http://evil.example")).not.toContain("http://evil.example:5000/a");
	expect(allowed("https://evil.example:5000")).not.toContain("http://evil.example:5000/a");
	expect(allowed("//evil")).toEqual(expect.arrayContaining(["\\\\evil\\share\\mlruns", "//evil/share"]));
});

test("in a folder that is not trusted nothing is contacted, whoever named it", () => {
	const policy = { isTrusted: false, allowedHosts: new Set(["http://evil.example:5000"]) };
	const choice = chooseStores(found, policy);
	expect(uris(choice.open)).toEqual(["/work/mlruns"]);
	expect(choice.withheld).toHaveLength(6);
	expect(choice.asked).toEqual([]);
});

test("a host is the origin, whatever name and password stand before it", () => {
	expect(hostOf("HTTPS://User:pw@Example.com/mlflow/")).toBe("https://example.com");
	expect(hostOf("file://evil/share/x")).toBe("//evil");
});

test("an address without a scheme or with a password is told what is wrong", () => {
	expect(problemOfServerAddress("http://localhost:5000")).toBeUndefined();
	expect(problemOfServerAddress("localhost:5000")).toBeDefined();
	expect(problemOfServerAddress("/tmp/mlruns")).toMatch(/starts with http/);
	expect(problemOfServerAddress("http://u:p@host")).toMatch(/Leave name and password out/);
	expect(problemOfServerAddress("http://")).toBeDefined();
});

test("a header's name cannot carry a second header", () => {
	expect(["X-Api-Key", "authorization"].every(isHeaderName)).toBe(true);
	expect(["", "a b", "a:b", "a\r\nb", "ä"].some(isHeaderName)).toBe(false);
});
