import { PageElement } from "../common/pageElement";
import type { RunSession } from "./runSession";

/** A part of a run's page. */
export abstract class RunElement extends PageElement<RunSession> {}
