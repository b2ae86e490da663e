package dev.sotto.relay.colibri;

import dev.sotto.relay.control.ConferenceRequest;
import dev.sotto.relay.control.ControlException;
import java.util.Optional;
import org.jitsi.xmpp.extensions.colibri2.ConferenceModifyIQ;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.IqData;

/**
 * A conference-modify that has been read: either the request, or why it is refused. It is an IQ
 * either way, since a provider that throws would end the connection for all conferences.
 */
public final class ControlIq extends IQ {
  private final Optional<ConferenceRequest> request;
  private final Optional<ControlException> refusal;

  ControlIq(IqData iqData, ConferenceRequest request) {
    super(iqData, ConferenceModifyIQ.ELEMENT, ConferenceModifyIQ.NAMESPACE);
    this.request = Optional.of(request);
    this.refusal = Optional.empty();
  }

  ControlIq(IqData iqData, ControlException refusal) {
    super(iqData, ConferenceModifyIQ.ELEMENT, ConferenceModifyIQ.NAMESPACE);
    this.request = Optional.empty();
    this.refusal = Optional.of(refusal);
  }

  /**
   * What is asked.
   *
   * @throws ControlException when it is refused
   */
  public ConferenceRequest request() {
    return request.orElseThrow(refusal::orElseThrow);
  }

  /** Its child by name alone: a request is read, never sent on. */
  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    xml.setEmptyElement();
    return xml;
  }
}
