/** Of the public interface: grows in the middle with every addition; there are no changes. */
export const VERSION = '1.1.0';
