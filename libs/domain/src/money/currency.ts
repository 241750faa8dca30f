import { refuse, type Refusal } from '../result/index.js';

/** A unit of account. `scale` is the number of decimals of its minor unit: USD 2, JPY 0, CHIPS 0. */
export interface Currency {
  readonly code: string;
  readonly scale: number;
}

/** Upper-case letters, digits and underscores, 2 to 16 of them, a letter first. */
export const CURRENCY_CODE_PATTERN = /^[A-Z][A-Z0-9_]{1,15}$/;
/** With more decimals not even one whole unit would fit the amount range. */
export const SCALE_MAX = 18;

// ISO 4217, the currencies in circulation, by the decimals of their minor unit.
const ISO_4217_SCALE_0 = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const ISO_4217_SCALE_2 =
  'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF ' +
  'CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ' +
  'IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR ' +
  'MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD ' +
  'SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ' +
  'ZAR ZMW ZWG';
const ISO_4217_SCALE_3 = 'BHD IQD JOD KWD LYD OMR TND';

/** The currencies of one deployment: ISO 4217, CHIPS, and its own. Immutable. */
export class CurrencyTable {
  readonly #byCode = new Map<string, Currency>();

  /** @param custom currencies of this deployment; one with an ISO code replaces it. */
  constructor(custom: readonly Currency[] = []) {
    this.#add('CHIPS', 0);
    for (const code of ISO_4217_SCALE_0.split(' ')) this.#add(code, 0);
    for (const code of ISO_4217_SCALE_2.split(' ')) this.#add(code, 2);
    for (const code of ISO_4217_SCALE_3.split(' ')) this.#add(code, 3);
    for (const { code, scale } of custom) this.#add(code, scale);
  }

  /** The currency, or INVALID_CURRENCY when this deployment does not have it. */
  find(code: string, field = 'currency'): Currency | Refusal {
    const currency = this.#byCode.get(code);
    if (currency) return currency;
    return refuse('INVALID_CURRENCY', `${field} is not a currency of this deployment`, field);
  }

  #add(code: string, scale: number): void {
    this.#byCode.set(code, { code, scale });
  }
}
