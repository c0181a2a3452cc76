import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { defaultSagemakerSettings } from "../../src/core/mmp/sagemakerSettings";
import { trainFileSchema, trainSettingsPath } from "../../src/core/mmp/trainSettings";
import { projectFileSchema, projectSettingsPath } from "../../src/core/settings/projectSettings";
import { policyFileName, policyFileSchema } from "../../src/shared/policy/policyFile";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));

const validations = z
	.object({ contributes: z.object({ jsonValidation: z.array(z.object({ fileMatch: z.string(), url: z.string() })) }) })
	.parse(read("package.json")).contributes.jsonValidation;

const files = [
	{ path: trainSettingsPath, schema: "schemas/train.schema.json", type: trainFileSchema },
	{ path: projectSettingsPath, schema: "schemas/project.schema.json", type: projectFileSchema },
	{ path: policyFileName, schema: "schemas/policy.schema.json", type: policyFileSchema },
];

test("the editor checks each of Gamma's files against its schema", () => {
	expect(validations).toEqual(files.map(({ path, schema }) => ({ fileMatch: path, url: `./${schema}` })));
});

/** What a schema says to people, and to completion, beside what it demands. */
const words = new Set(
	"title description markdownDescription default examples defaultSnippets enumDescriptions".split(" "),
);

test.each(files)("$schema demands what Gamma demands of $path", ({ schema, type }) => {
	const demanded = z.toJSONSchema(type, { target: "draft-7", io: "input" });
	expect(demandsOf(ownOf(read(schema)))).toEqual(JSON.parse(JSON.stringify(demanded)));
});

/** What is demanded of a file of Gamma's: of a name that others use too, all of it stands under a condition. */
function ownOf(schema: unknown): unknown {
	const { $schema, ...others } = z.looseObject({ $schema: z.string() }).parse(schema);
	const own = Object.entries(others).find(([key]) => key === "then")?.[1];
	return own ? { $schema, ...Object(own) } : schema;
}

test.each([
	[{}, true],
	[{ m: null }, true],
	[{ model: "cartpole.xml" }, true],
	[{ onnx: "policy.onnx", frameSkip: 2 }, true],
	[{ Version: "2012-10-17" }, false],
	[{ Version: "2012-10-17", Statement: [] }, false],
	[{ rules: [], name: "retention" }, false],
])("%j is looked at as a policy of a robot: %s", (file, isOurs) => {
	expect(holds(z.looseObject({ if: z.unknown() }).parse(read("schemas/policy.schema.json")).if, file)).toBe(isOurs);
});

/** The few words of JSON Schema that the condition is written in. */
function holds(schema: unknown, file: object): boolean {
	const { required, maxProperties, anyOf, not, ...others } = schema as {
		required?: string[];
		maxProperties?: number;
		anyOf?: unknown[];
		not?: unknown;
	};
	expect(others).toEqual({});
	return (
		(required ?? []).every((key) => key in file) &&
		Object.keys(file).length <= (maxProperties ?? Number.POSITIVE_INFINITY) &&
		(anyOf === undefined || anyOf.some((one) => holds(one, file))) &&
		(not === undefined || !holds(not, file))
	);
}

/** The schema without its words; that a key nobody reads is underlined is the editor's matter alone. */
function demandsOf(schema: unknown, isNames = false): unknown {
	if (Array.isArray(schema)) return schema.map((part) => demandsOf(part));
	if (typeof schema !== "object" || schema === null) return schema;
	return Object.fromEntries(
		Object.entries(schema)
			.filter(([key, value]) => isNames || !(words.has(key) || (key === "additionalProperties" && value === false)))
			.map(([key, value]) => [key, demandsOf(value, key === "properties")]),
	);
}

test.each(files)("every key of $path is described where it is written", ({ schema }) => {
	const undescribed = fieldsOf(read(schema)).filter(
		({ field }) => !/\S.{20,}/.test(String(field.description ?? field.markdownDescription ?? "")),
	);
	expect(undescribed.map(({ name }) => name)).toEqual([]);
	expect(fieldsOf(read(schema)).length).toBeGreaterThan(2);
});

function fieldsOf(schema: unknown): { name: string; field: Record<string, unknown> }[] {
	if (typeof schema !== "object" || schema === null) return [];
	return Object.entries(schema).flatMap(([key, value]) => {
		const own = key === "properties" ? Object.entries(value as Record<string, Record<string, unknown>>) : [];
		return [...own.map(([name, field]) => ({ name, field })), ...fieldsOf(value)];
	});
}

test("a default that the schema tells is the one that is taken", () => {
	const { properties } = z
		.object({
			properties: z.object({
				sagemaker: z.object({ properties: z.record(z.string(), z.object({ default: z.optional(z.unknown()) })) }),
			}),
		})
		.parse(read("schemas/train.schema.json"));
	for (const [key, usual] of Object.entries(defaultSagemakerSettings)) {
		expect([key, properties.sagemaker.properties[key]?.default ?? null]).toEqual([key, usual]);
	}
});
