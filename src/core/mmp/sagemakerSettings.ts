import * as z from "zod/mini";

const words = z.string().check(z.regex(/\S/));

/** Key `sagemaker` of `.gamma/train.json` as it is written. Limits are those of CreateTrainingJob. */
export const sagemakerFileSchema = z.object({
	role: z.optional(words),
	instanceType: z.optional(words),
	image: z.optional(words),
	bucket: z.optional(words),
	volumeSizeGb: z.optional(z.int().check(z.gte(1), z.lte(16_384))),
	maxRuntimeSeconds: z.optional(z.int().check(z.gte(1), z.lte(2_419_200))),
	spot: z.optional(z.boolean()),
	subnets: z.optional(z.array(z.string().check(z.regex(/^subnet-[0-9a-zA-Z]+$/))).check(z.maxLength(16))),
	securityGroups: z.optional(z.array(z.string().check(z.regex(/^sg-[0-9a-zA-Z]+$/))).check(z.maxLength(5))),
});

/** What each key must be, as it is said to a person. */
export const sagemakerFields: Readonly<Record<string, string>> = {
	role: '"role" must be the ARN of the role that SageMaker trains as',
	instanceType: '"instanceType" must be a kind of machine such as "ml.g5.xlarge"',
	image: '"image" must be the address of a container image',
	bucket: '"bucket" must be the name of an S3 bucket, or s3://bucket/prefix',
	volumeSizeGb: '"volumeSizeGb" must be a whole number from 1 to 16384',
	maxRuntimeSeconds: '"maxRuntimeSeconds" must be a whole number from 1 to 2419200, which is 28 days',
	spot: '"spot" must be true or false',
	subnets: '"subnets" must be a list of at most 16 ids such as ["subnet-0123456789abcdef0"]',
	securityGroups: '"securityGroups" must be a list of at most five ids such as ["sg-0123456789abcdef0"]',
};

export interface SagemakerSettings {
	/** Null: not said yet, and `gamma submit --target sagemaker` asks for it. */
	readonly role: string | null;
	readonly image: string | null;
	/** A bucket, or `s3://bucket/prefix`. */
	readonly bucket: string | null;
	readonly instanceType: string;
	readonly volumeSizeGb: number;
	readonly maxRuntimeSeconds: number;
	readonly spot: boolean;
	/** The network that it trains in, which reaches what is internal there; both empty: SageMaker's own. */
	readonly subnets: readonly string[];
	readonly securityGroups: readonly string[];
}

export const defaultSagemakerSettings: SagemakerSettings = {
	role: null,
	image: null,
	bucket: null,
	instanceType: "ml.g5.xlarge",
	volumeSizeGb: 50,
	maxRuntimeSeconds: 24 * 3600,
	spot: false,
	subnets: [],
	securityGroups: [],
};

export function toSagemakerSettings(file: z.infer<typeof sagemakerFileSchema>): SagemakerSettings {
	const usual = defaultSagemakerSettings;
	return {
		role: file.role ?? usual.role,
		image: file.image ?? usual.image,
		bucket: file.bucket ?? usual.bucket,
		instanceType: file.instanceType ?? usual.instanceType,
		volumeSizeGb: file.volumeSizeGb ?? usual.volumeSizeGb,
		maxRuntimeSeconds: file.maxRuntimeSeconds ?? usual.maxRuntimeSeconds,
		spot: file.spot ?? usual.spot,
		subnets: file.subnets ?? usual.subnets,
		securityGroups: file.securityGroups ?? usual.securityGroups,
	};
}

/** Keys below `sagemaker` that nobody reads, as `sagemaker.key`. */
export function unknownSagemakerKeys(value: unknown): readonly string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.keys(value).flatMap((key) => (Object.hasOwn(sagemakerFields, key) ? [] : [`sagemaker.${key}`]));
}
