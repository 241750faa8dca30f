export { AMOUNT_MAX, isInRange, parseAmount, parsePositiveAmount } from './amount.js';
export { CurrencyTable, CURRENCY_CODE_PATTERN, SCALE_MAX, type Currency } from './currency.js';
export { parseDecimal, formatDecimal } from './decimal.js';
export { convert, parseRate, type Conversion, type Rate } from './conversion.js';
