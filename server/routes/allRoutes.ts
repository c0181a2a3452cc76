import type { FastifyPluginAsync } from "fastify";
import type { Services } from "../app";

/** Every file of routes, one line each. */
export const allRoutes: readonly ((services: Services) => FastifyPluginAsync)[] = [];
