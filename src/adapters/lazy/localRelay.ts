/** A file of its own (dist/localRelay.cjs): no window needs it to start. */
export { LocalRelayProcess } from "../localRelay/localRelayProcess";
export { relayFolder } from "../localRelay/relayFolder";
