package ljpc

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"hostfront/upstream"
)

// probe is one read-only call of the doctor's.
type probe struct {
	call  upstream.Call
	raw   bool
	shape shape
	// read is how the shop itself reads the answer; nil where it takes whatever comes.
	read func(data any) error
}

// doctorNames are asked about, whether anybody has registered them or not.
var doctorNames = []string{"hostfront-doctor.nl", "hostfront-doctor.com"}

// probes are the calls that need nothing but the key.
func (c *Client) probes() []probe {
	names := url.Values{queryDomains: doctorNames}
	list := func(f field) *field { return &f }
	return []probe{
		{call: get(OpTLDs, pathTLDs, nil), shape: shape{list: list(listTLDs),
			fields: []field{fieldTLDName, fieldTLDPrice, fieldTransferSupported}},
			read: func(data any) error { _, err := readTLDs(data); return err }},
		{call: get(OpProducts, pathProducts, nil), raw: true, shape: shape{list: list(fieldProducts), fields: []field{
			fieldProductUUID, fieldCategory, fieldMonthlyPrice, fieldProductName, fieldDescription, fieldYearlyPrice,
			fieldBillingPeriod, fieldDiskSpace}},
			read: func(data any) error { _, _, err := readProducts(asObject(data)); return err }},
		{call: get(OpCheck, pathCheck, names), shape: shape{keyed: true, word: knownAvailability}, read: readNames},
		{call: get(OpPrice, pathPrice, names), shape: priceShape(),
			read: func(data any) error { _, err := readPrices(data, doctorNames); return err }},
		{call: get(OpDomains, pathDomains, nil), shape: shape{list: list(listDomains), fields: domainFields(),
			sample: fieldDomainName, sampleAs: OpDomain}},
		{call: get(OpContacts, pathContacts, nil), shape: shape{list: list(listContacts), fields: contactShape()}},
		{call: get(OpSites, pathSites, nil), shape: shape{list: list(listSites),
			fields: []field{fieldID, fieldSiteDomain, fieldSiteStatus}, sample: fieldID, sampleAs: OpSite}},
	}
}

// detailProbes are the calls about something that a list showed.
func detailProbes(samples map[string]string) []probe {
	var probes []probe
	if name := samples[OpDomain]; name != "" {
		probes = append(probes,
			probe{call: get(OpDomain, domainPath(name), nil), shape: shape{
				into: []field{fieldDomain, fieldDomainWrapper}, fields: domainFields()}},
			probe{call: get(OpZone, zonePath(name), nil), shape: zoneShape(),
				read: func(data any) error { _, err := readZone(data); return err }})
	}
	if id := samples[OpSite]; id != "" {
		probes = append(probes, probe{call: get(OpSite, sitePath(id), nil), shape: shape{
			into: []field{fieldSite}, fields: []field{
				fieldID, fieldSiteDomain, fieldSiteStatus, fieldDiskQuota, fieldDiskUsed, fieldEmailUsed, fieldCreatedAt}}})
	}
	return probes
}

// noOrder is an order that cannot exist: asking for it shows whether the permission is there.
const noOrder = "0"

// orderProbe asks for an order that the shop has placed, or for one that cannot exist.
func orderProbe(id string) probe {
	if id == "" {
		id = noOrder
	}
	return probe{call: get(OpOrder, pathOrders+"/"+url.PathEscape(id), nil), shape: orderShape(), read: func(data any) error {
		_, err := readOrder(within(data, fieldOrder), asObject(data))
		return err
	}}
}

// priceShape is the money that is nested for each name, or lies in the open.
func priceShape() shape {
	money := shape{fields: []field{fieldAmount, fieldCurrency}}
	return shape{keyed: true, fields: []field{fieldMoney, fieldPremium}, inside: []inside{{at: fieldMoney, shape: money, open: true}}}
}

func zoneShape() shape {
	record := shape{fields: []field{fieldType, fieldRecordName, fieldContent, fieldTTL, fieldPrio}}
	return shape{fields: []field{fieldZone, fieldRecords}, inside: []inside{
		{at: fieldZone, shape: shape{fields: []field{fieldDomain, fieldSource}}},
		{at: fieldRecords, list: true, shape: record},
	}}
}

func orderShape() shape {
	line := shape{
		fields: []field{fieldLineState, fieldSiteID, fieldLineReason, fieldLineCode},
		words:  []words{{fieldLineState, []string{upstream.LinePending, upstream.LineDone, upstream.LineFailed}}},
	}
	order := fieldOrder
	states := []string{upstream.OrderPending, upstream.OrderProcessing, upstream.OrderCompleted, upstream.OrderFailed}
	provisioning := shape{
		fields: []field{fieldOverall, fieldLines}, words: []words{{fieldOverall, states}},
		inside: []inside{{at: fieldLines, list: true, shape: line}},
	}
	return shape{
		beside: &order, fields: []field{fieldSimpleStatus, fieldProvisioning, fieldID.ifAny(), fieldNeedsPayment.ifAny(), fieldNeedsSubscription.ifAny(), fieldOrderMeta},
		words: []words{{fieldSimpleStatus, states}}, inside: []inside{
			{at: fieldProvisioning, shape: provisioning},
			{at: fieldOrderMeta, shape: shape{fields: []field{fieldReference.ifAny()}}},
		},
	}
}

// ifAny is a field that the answer to another call is documented to have.
func (f field) ifAny() field { f.optional = true; return f }

func domainFields() []field {
	return []field{fieldDomainName, fieldDomainStatus, fieldExpires, fieldAutoRenew, fieldNameservers, fieldDomainHandle}
}

func contactShape() []field {
	fields := []field{fieldHandle}
	for _, f := range contactFields(&upstream.Contact{}) {
		fields = append(fields, f.field)
	}
	return fields
}

// readNames wants an answer about each name that was asked.
func readNames(data any) error {
	answers, err := readKeyed(data, doctorNames)
	if err != nil {
		return err
	}
	for _, name := range doctorNames {
		if _, told := answers[name]; !told {
			return errors.New("nothing is said about " + name)
		}
	}
	return nil
}

// knownAvailability is true of a word that says whether a name can be had.
func knownAvailability(word string) bool {
	return slices.Contains(append([]string{"available", "unknown"}, takenWords...), strings.ToLower(word))
}
