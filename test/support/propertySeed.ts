import fc from "fast-check";

/** Which numbers properties are tried with (vitest.config.mts says where they come from). */
fc.configureGlobal({ seed: Number(process.env.GAMMA_SEED) });
