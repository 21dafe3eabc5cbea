/** @file Who is told of events. */

/** Takes events of one kind. */
export type Listener<Event> = (event: Event) => void;
