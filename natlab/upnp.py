"""UPnP IGD of a lab router (SSDP, WANIPConnection:1), as far as UDP mappings go."""
import re
import time
from http.server import BaseHTTPRequestHandler

SSDP = ("239.255.255.250", 1900)
HTTP_PORT = 5000
UUID = "uuid:6e61746c-6162-4000-8000-%012x"
WANIP = "urn:schemas-upnp-org:service:WANIPConnection:1"
IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"


DESCRIPTION = """<?xml version="1.0"?>
<root xmlns="urn:schemas-upnp-org:device-1-0"><specVersion><major>1</major><minor>0</minor></specVersion>
<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>
<friendlyName>natlab router</friendlyName><manufacturer>natlab</manufacturer><modelName>natlab</modelName><UDN>%s</UDN>
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType>
<friendlyName>WANDevice</friendlyName><manufacturer>natlab</manufacturer><modelName>natlab</modelName><UDN>%s</UDN>
<serviceList><service><serviceType>urn:schemas-upnp-org:service:WANCommonInterfaceConfig:1</serviceType>
<serviceId>urn:upnp-org:serviceId:WANCommonIFC1</serviceId><SCPDURL>/common.xml</SCPDURL>
<controlURL>/ctl/common</controlURL><eventSubURL>/evt/common</eventSubURL></service></serviceList>
<deviceList><device><deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType>
<friendlyName>WANConnectionDevice</friendlyName><manufacturer>natlab</manufacturer><modelName>natlab</modelName><UDN>%s</UDN>
<serviceList><service><serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>
<serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><SCPDURL>/ip.xml</SCPDURL>
<controlURL>/ctl/ip</controlURL><eventSubURL>/evt/ip</eventSubURL></service></serviceList>
</device></deviceList></device></deviceList><presentationURL>http://%s:%d/</presentationURL></device></root>
"""

ACTIONS = {
    "GetExternalIPAddress": ["NewExternalIPAddress>"],
    "GetStatusInfo": ["NewConnectionStatus>", "NewLastConnectionError>", "NewUptime>"],
    "GetConnectionTypeInfo": ["NewConnectionType>", "NewPossibleConnectionTypes>"],
    "AddPortMapping": ["NewRemoteHost", "NewExternalPort", "NewProtocol", "NewInternalPort", "NewInternalClient",
                       "NewEnabled", "NewPortMappingDescription", "NewLeaseDuration"],
    "DeletePortMapping": ["NewRemoteHost", "NewExternalPort", "NewProtocol"],
    "GetSpecificPortMappingEntry": ["NewRemoteHost", "NewExternalPort", "NewProtocol", "NewInternalPort>",
                                    "NewInternalClient>", "NewEnabled>", "NewPortMappingDescription>",
                                    "NewLeaseDuration>"],
    "GetGenericPortMappingEntry": ["NewPortMappingIndex", "NewRemoteHost>", "NewExternalPort>", "NewProtocol>",
                                   "NewInternalPort>", "NewInternalClient>", "NewEnabled>",
                                   "NewPortMappingDescription>", "NewLeaseDuration>"],
}
VARIABLES = {"NewExternalPort": "ui2", "NewInternalPort": "ui2", "NewEnabled": "boolean", "NewLeaseDuration": "ui4",
             "NewPortMappingIndex": "ui2", "NewUptime": "ui4"}


def scpd():
    acts, names = [], {}
    for action, args in ACTIONS.items():
        items = []
        for a in args:
            name = a.rstrip(">")
            names[name] = VARIABLES.get(name, "string")
            items.append("<argument><name>%s</name><direction>%s</direction><relatedStateVariable>%s"
                         "</relatedStateVariable></argument>" % (name, "out" if a.endswith(">") else "in", name[3:]))
        acts.append("<action><name>%s</name><argumentList>%s</argumentList></action>" % (action, "".join(items)))
    states = "".join('<stateVariable sendEvents="no"><name>%s</name><dataType>%s</dataType></stateVariable>'
                     % (n[3:], t) for n, t in sorted(names.items()))
    return ('<?xml version="1.0"?><scpd xmlns="urn:schemas-upnp-org:service-1-0"><specVersion><major>1</major>'
            "<minor>0</minor></specVersion><actionList>%s</actionList><serviceStateTable>%s</serviceStateTable></scpd>"
            % ("".join(acts), states))


class Upnp(BaseHTTPRequestHandler):
    maps = None
    timeout = 5

    def log_message(self, *_):
        pass

    def answer(self, code, text, kind="text/xml; charset=\"utf-8\""):
        body = text.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        a = self.maps.args
        if self.path == "/root.xml":
            ids = [UUID % (n + int(a.lan.split(".")[2]) * 16) for n in (1, 2, 3)]
            self.answer(200, DESCRIPTION % (*ids, a.lan, HTTP_PORT))
        elif self.path in ("/ip.xml", "/common.xml"):
            self.answer(200, scpd())
        else:
            self.answer(404, "", "text/plain")

    def do_POST(self):
        text = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), 65536)).decode("utf-8", "replace")
        m = re.search(r'#([A-Za-z]+)"?\s*$', self.headers.get("SOAPAction", ""))
        action = m.group(1) if m else ""

        def arg(name):
            found = re.search(r"<%s[^>]*>([^<]*)</%s>" % (name, name), text)
            return found.group(1).strip() if found else ""

        try:
            out = self.act(action, arg, self.client_address[0])
        except (ValueError, KeyError):
            out = 402
        if isinstance(out, int):
            words = {401: "Invalid Action", 402: "Invalid Args", 501: "Action Failed", 606: "Action not authorized",
                     713: "SpecifiedArrayIndexInvalid", 714: "NoSuchEntryInArray", 718: "ConflictInMappingEntry"}
            self.answer(500, '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
                        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><s:Fault><faultcode>'
                        "s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError "
                        'xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>%d</errorCode><errorDescription>%s'
                        "</errorDescription></UPnPError></detail></s:Fault></s:Body></s:Envelope>" % (out, words[out]))
            return
        body = "".join("<%s>%s</%s>" % (k, v, k) for k, v in out)
        self.answer(200, '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
                    's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:%sResponse xmlns:u="%s">%s'
                    "</u:%sResponse></s:Body></s:Envelope>" % (action, WANIP, body, action))

    def act(self, action, arg, client):
        maps = self.maps
        if action == "GetExternalIPAddress":
            return [("NewExternalIPAddress", maps.args.external)]
        if action == "GetStatusInfo":
            return [("NewConnectionStatus", "Connected"), ("NewLastConnectionError", "ERROR_NONE"),
                    ("NewUptime", maps.epoch())]
        if action == "GetConnectionTypeInfo":
            return [("NewConnectionType", "IP_Routed"), ("NewPossibleConnectionTypes", "IP_Routed")]
        if action == "AddPortMapping":
            ext, port = int(arg("NewExternalPort")), int(arg("NewInternalPort"))
            life = int(arg("NewLeaseDuration") or 0) or maps.args.max_lifetime
            if arg("NewProtocol").upper() != "UDP":
                return 501
            if arg("NewInternalClient") != client or maps.args.deny:
                return 606
            maps.expire()
            if ext in maps.table and maps.table[ext][:2] != (client, port):
                return 718
            return [] if maps.add(client, port, ext, min(life, maps.args.max_lifetime), exact=True) else 501
        maps.expire()
        if action == "DeletePortMapping":
            ext = int(arg("NewExternalPort"))
            if arg("NewProtocol").upper() != "UDP" or ext not in maps.table:
                return 714
            if maps.table[ext][0] != client:
                return 606
            maps.drop(ext)
            return []
        if action == "GetSpecificPortMappingEntry":
            ext = int(arg("NewExternalPort"))
            if arg("NewProtocol").upper() != "UDP" or ext not in maps.table:
                return 714
            return self.entry(ext)
        if action == "GetGenericPortMappingEntry":
            exts = sorted(maps.table)
            i = int(arg("NewPortMappingIndex"))
            if i >= len(exts):
                return 713
            return [("NewRemoteHost", ""), ("NewExternalPort", exts[i]), ("NewProtocol", "UDP")] + self.entry(exts[i])
        return 401

    def entry(self, ext):
        addr, port, expiry, _ = self.maps.table[ext]
        return [("NewInternalPort", port), ("NewInternalClient", addr), ("NewEnabled", 1),
                ("NewPortMappingDescription", "natlab"), ("NewLeaseDuration", max(0, int(expiry - time.monotonic())))]


def ssdp_reply(text, args):
    if not text.startswith("M-SEARCH"):
        return None
    st = re.search(r"^ST:\s*(\S+)", text, re.I | re.M)
    st = st.group(1) if st else ""
    if st in ("ssdp:all", "upnp:rootdevice"):
        st = st if st == "upnp:rootdevice" else IGD
    elif st.rsplit(":", 1)[0] not in (IGD.rsplit(":", 1)[0], WANIP.rsplit(":", 1)[0]) or not st.endswith(":1"):
        return None
    return ("HTTP/1.1 200 OK\r\nCACHE-CONTROL: max-age=120\r\nST: %s\r\nUSN: %s::%s\r\nEXT:\r\n"
            "SERVER: natlab UPnP/1.1 natlab/1\r\nLOCATION: http://%s:%d/root.xml\r\n\r\n"
            % (st, UUID % (1 + int(args.lan.split(".")[2]) * 16), st, args.lan, HTTP_PORT)).encode()
