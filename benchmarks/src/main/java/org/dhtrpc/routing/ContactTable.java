package org.dhtrpc.routing;

import java.util.List;
import org.dhtrpc.Contact;
import org.dhtrpc.Key;
import org.dhtrpc.KnownContact;
import org.jspecify.annotations.NullMarked;

/** Contacts, and who of them is nearest. */
@NullMarked
public interface ContactTable {
    /** How many nearest ones are asked for. */
    int K = 20;

    /** Takes a contact, or notes that it is still there. */
    void add(Contact contact);

    /** The nearest ones, nearest first. */
    List<Contact> closest(Key target);

    /** Everybody who was taken. */
    List<Contact> held();

    /** The routing table of our nodes, which all others cannot see. */
    static ContactTable ofNode(Key self) {
        RoutingTable table = new RoutingTable(self, K, SubnetLimit.UNLIMITED, 0, event -> {});
        return new ContactTable() {
            @Override
            public void add(Contact contact) {
                table.verified(0, contact, -1);
            }

            @Override
            public List<Contact> closest(Key target) {
                return table.closest(target, K, null);
            }

            @Override
            public List<Contact> held() {
                return table.export(0).stream().map(KnownContact::contact).toList();
            }
        };
    }
}
