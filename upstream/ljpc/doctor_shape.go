package ljpc

import (
	"net/url"
	"slices"

	"hostfront/upstream"
)

const assumedPrefix = "assumed: "

// shape is what an answer should hold: an object, or a list of them.
type shape struct {
	// into are the wrappers that may be around the object.
	into []field
	// list is the wrapper of a list; nil for a single object.
	list *field
	// keyed answers hold one object (or word) for each name asked.
	keyed  bool
	fields []field
	// sample keeps the value of a field of the first entry, for the detail calls.
	sample   field
	sampleAs string
}

// probes are the calls that need nothing but the key.
func (c *Client) probes() []probe {
	names := url.Values{queryDomains: []string{"hostfront-doctor.nl", "hostfront-doctor.com"}}
	list := func(f field) *field { return &f }
	return []probe{
		{call: get(OpTLDs, pathTLDs, nil), shape: shape{list: list(listTLDs),
			fields: []field{fieldTLDName, fieldTLDPrice, fieldTransferSupported}}},
		{call: get(OpProducts, pathProducts, nil), raw: true, shape: shape{list: list(fieldProducts), fields: []field{
			fieldProductUUID, fieldCategory, fieldMonthlyPrice, fieldProductName, fieldDescription, fieldYearlyPrice,
			fieldBillingPeriod, fieldDiskSpace}}},
		{call: get(OpCheck, pathCheck, names), shape: shape{keyed: true}},
		{call: get(OpPrice, pathPrice, names), shape: shape{keyed: true, fields: []field{fieldMoney, fieldPremium}}},
		{call: get(OpDomains, pathDomains, nil), shape: shape{list: list(listDomains), fields: domainFields(),
			sample: fieldDomainName, sampleAs: OpDomain}},
		{call: get(OpContacts, pathContacts, nil), shape: shape{list: list(listContacts), fields: contactShape()}},
		{call: get(OpSites, pathSites, nil), shape: shape{list: list(listSites),
			fields: []field{fieldID, fieldSiteDomain, fieldSiteStatus}, sample: fieldID, sampleAs: OpSite}},
		{call: get(OpOrder, pathOrders+"/0", nil)},
	}
}

// detailProbes are the calls about something that a list showed.
func (c *Client) detailProbes(samples map[string]string) []probe {
	var probes []probe
	if name := samples[OpDomain]; name != "" {
		probes = append(probes,
			probe{call: get(OpDomain, domainPath(name), nil), shape: shape{
				into: []field{fieldDomain, fieldDomainWrapper}, fields: domainFields()}},
			probe{call: get(OpZone, zonePath(name), nil), shape: shape{fields: []field{fieldZone, fieldRecords}}})
	}
	if id := samples[OpSite]; id != "" {
		probes = append(probes, probe{call: get(OpSite, sitePath(id), nil), shape: shape{
			into: []field{fieldSite}, fields: []field{
				fieldID, fieldSiteDomain, fieldSiteStatus, fieldDiskQuota, fieldDiskUsed, fieldEmailUsed, fieldCreatedAt}}})
	}
	return probes
}

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

// compare notes the fields that are missing and those that are not known.
func (s shape) compare(data any, check *Check, samples map[string]string) {
	entries, err := s.entries(data)
	if err != nil {
		check.Result, check.Note = "unreadable", err.Error()
		return
	}
	if len(entries) == 0 {
		check.Note = "The answer is empty: its fields could not be compared."
		return
	}
	if s.sampleAs != "" {
		samples[s.sampleAs] = entries[0].text(s.sample)
	}
	for _, f := range s.fields {
		if !slices.ContainsFunc(entries, func(o object) bool { return o.has(f) }) && !f.optional {
			check.Missing = append(check.Missing, f.label())
		}
	}
	check.Unknown = s.unknown(entries)
}

func (f field) label() string {
	if f.documented {
		return f.name()
	}
	return assumedPrefix + f.name()
}

// entries are the objects to compare.
func (s shape) entries(data any) ([]object, error) {
	if s.list != nil {
		return listOf(data, *s.list)
	}
	if !s.keyed {
		return []object{within(data, s.into...)}, nil
	}
	var entries []object
	for _, answer := range asObject(data) {
		if m, ok := answer.(map[string]any); ok {
			entries = append(entries, m)
		}
	}
	return entries, nil
}

// unknown are the fields of the entries that no field of the shape reads.
func (s shape) unknown(entries []object) []string {
	var names []string
	for _, o := range entries {
		for key := range o {
			known := slices.ContainsFunc(s.fields, func(f field) bool { return slices.Contains(f.names, key) })
			if !known && !slices.Contains(names, key) {
				names = append(names, key)
			}
		}
	}
	slices.Sort(names)
	return names
}
