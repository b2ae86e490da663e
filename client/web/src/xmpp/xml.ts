export type Attributes = Readonly<Record<string, string | number | undefined>>;
export type Child = Xml | string | undefined;

/** Text that is not one well-formed element, or holds what RFC 6120 §11.1 forbids in a stream. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

/**
 * An element of a stream, immutable: name, namespace, attributes, children. Stanzas are kept as this raw tree
 * (RFC 6120 §8) and read into types only where they are handled.
 */
export class Xml {
  private constructor(
    readonly name: string,
    readonly ns: string,
    readonly attributes: Readonly<Record<string, string>>,
    readonly children: readonly (Xml | string)[],
  ) {}

  static of(name: string, ns: string, attributes: Attributes, children: readonly Child[]): Xml {
    const kept: Record<string, string> = {};
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined) kept[key] = String(value);
    }
    const present = children.filter((child): child is Xml | string => child !== undefined);
    return new Xml(name, ns, kept, present.map((child) => (typeof child === 'string' ? child : child.within(ns))));
  }

  /** Gives a namespace to this element and those below it that were built without one. */
  private within(ns: string): Xml {
    if (this.ns !== '' || ns === '') return this;
    return new Xml(
      this.name,
      ns,
      this.attributes,
      this.children.map((child) => (typeof child === 'string' ? child : child.within(ns))),
    );
  }

  attribute(name: string): string | undefined {
    return Object.hasOwn(this.attributes, name) ? this.attributes[name] : undefined;
  }

  get elements(): readonly Xml[] {
    return this.children.filter((child): child is Xml => typeof child !== 'string');
  }

  child(name: string, ns: string = this.ns): Xml | undefined {
    return this.elements.find((child) => child.name === name && child.ns === ns);
  }

  all(name: string, ns: string = this.ns): readonly Xml[] {
    return this.elements.filter((child) => child.name === name && child.ns === ns);
  }

  get text(): string {
    return this.children.filter((child) => typeof child === 'string').join('');
  }

  is(name: string, ns: string): boolean {
    return this.name === name && this.ns === ns;
  }

  toString(parentNs = ''): string {
    let out = `<${this.name}`;
    if (this.ns !== parentNs) out += ` xmlns="${escapeXml(this.ns)}"`;
    for (const [key, value] of Object.entries(this.attributes)) out += ` ${key}="${escapeXml(value)}"`;
    if (this.children.length === 0) return `${out}/>`;
    out += '>';
    for (const child of this.children) out += typeof child === 'string' ? escapeXml(child) : child.toString(this.ns);
    return `${out}</${this.name}>`;
  }
}

/** Builds an element; without `xmlns` it belongs to the namespace of the element it is put into. */
export function xml(name: string, attributes: Attributes = {}, ...children: readonly Child[]): Xml {
  const { xmlns, ...rest } = attributes;
  return Xml.of(name, xmlns === undefined ? '' : String(xmlns), rest, children);
}

/** Reads one WebSocket message, which RFC 7395 §3.3 makes one complete element. */
export function parseXml(text: string): Xml {
  // A stream has no DTD (RFC 6120 §11.1), so no entity ever needs to be expanded.
  if (text.includes('<!DOCTYPE') || text.includes('<!ENTITY')) throw new XmlError('document type in a stream');
  const root = new DOMParser().parseFromString(text, 'text/xml').documentElement;
  if (root.localName === 'parsererror' || root.getElementsByTagName('parsererror').length > 0) {
    throw new XmlError('not well-formed');
  }
  return fromDom(root);
}

function fromDom(element: Element): Xml {
  const attributes: Record<string, string> = {};
  for (const attribute of Array.from(element.attributes)) {
    if (attribute.name !== 'xmlns' && !attribute.name.startsWith('xmlns:')) attributes[attribute.name] = attribute.value;
  }
  const children: (Xml | string)[] = [];
  for (const node of Array.from(element.childNodes)) {
    if (node.nodeType === node.ELEMENT_NODE) children.push(fromDom(node as Element));
    else if (node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE) {
      children.push(node.nodeValue ?? '');
    }
  }
  return Xml.of(element.localName, element.namespaceURI ?? '', attributes, children);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;',
};

function escapeXml(value: string): string {
  return value.replace(/[&<>"'\n\r\t]/g, (character) => ENTITIES[character] ?? character);
}
