import { Owner } from "../../../core/disposable";
import { Emitter } from "../../../core/emitter";
import { type MachinePrice, priceOf } from "../../../core/sagemaker/machinePrice";
import type { PriceList } from "../../../core/sagemaker/priceList";
import { regionOfTraining, type Training } from "../../../core/sagemaker/training";
import { onDidChangeSettings, readSetting } from "../../settings";
import type { TrainingPorts } from "./trainingPorts";

/** A list that could not be read is asked for again after so long. */
const againAfterMs = 3600_000;

/** What machines cost: the person's own prices, and AWS's list of each region in which something trains, read once. */
export class TrainingPrices extends Owner {
	readonly #lists = new Map<string, { readonly askedMs: number; list: PriceList | null }>();
	readonly #end = new AbortController();
	readonly #changed = this.own(new Emitter<void>());
	readonly onDidChange = this.#changed.event;

	constructor(private readonly read: TrainingPorts["prices"]) {
		super();
		this.own({ dispose: () => this.#end.abort() });
		this.own(onDidChangeSettings(["aws.prices"], () => this.#changed.fire()));
	}

	/** As far as it is known; a list that is missing is asked for, and `onDidChange` tells when it is there. */
	priceOf(training: Training): MachinePrice | null {
		const own = readSetting("aws.prices");
		const agreed = priceOf(training.instanceType, own, null);
		const region = regionOfTraining(training);
		if (agreed || region === null) return agreed;
		return priceOf(training.instanceType, own, this.#listOf(region));
	}

	#listOf(region: string): PriceList | null {
		const known = this.#lists.get(region);
		if (known && (known.list || Date.now() - known.askedMs < againAfterMs)) return known.list;
		const asked = { askedMs: Date.now(), list: null as PriceList | null };
		this.#lists.set(region, asked);
		void this.read(region, this.#end.signal).then(
			(list) => {
				asked.list = list;
				if (list && !this.isDisposed) this.#changed.fire();
			},
			// The page says that no price is known, which is all that follows from it.
			() => {},
		);
		return null;
	}
}
