/** A change that may take no time is not made: Kafka's controller finds it too late when it gets to it. */
export const timedOutMessage = 'The timeout has passed before the change could begin.'
