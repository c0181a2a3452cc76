/** The run `cart-pole-es` in the store `mlruns` of a folder; trained on the first call, in a few seconds. Needs dist/. */
export function trainCartpole(demo: string): Promise<void>;
